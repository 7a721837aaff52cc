// The network as one thing: configured as a whole, closed as a whole, with everything it did in its ledger.
import type { LedgerEntry } from '../../../shared/network.ts'
import { type Endpoint, endpointOf } from '../hub/endpoint.ts'
import type { HubFetch } from '../hub/request.ts'
import type { NetworkConfiguration } from './configuration.ts'
import { type Connection, connect } from './connection.ts'
import { guardedFetch } from './guardedFetch.ts'
import { openLedger } from './ledger.ts'

export interface Network extends AsyncDisposable {
  readonly fetch: HubFetch
  /** Of the configuration in force: ask anew for each request. */
  endpoint(): Endpoint
  configuration(): NetworkConfiguration
  /** Takes effect at once: going offline ends every open request with HubError switched-off. */
  configure(configuration: NetworkConfiguration): void
  /** Calls back after each change. */
  watch(listener: (configuration: NetworkConfiguration) => void): void
  ledger(page: { readonly beforeId: number | null; readonly limit: number }): readonly LedgerEntry[]
}

export interface NetworkOptions {
  /** The ledger's database. */
  readonly ledgerFile: string
  readonly configuration: NetworkConfiguration
  readonly now?: () => number
}

/** Throws ServiceError store-unusable where the ledger cannot be written: without it nothing is asked. */
export function openNetwork({ ledgerFile, configuration: first, now = Date.now }: NetworkOptions): Network {
  const ledger = openLedger(ledgerFile)
  const listeners: ((configuration: NetworkConfiguration) => void)[] = []
  let configuration = first
  let offline = new AbortController()
  if (configuration.offline) offline.abort()
  // Made when first needed: an app that asks nothing opens nothing.
  let connection: Connection | null = null
  const endpoint = () => endpointOf({ HF_ENDPOINT: configuration.hubEndpoint, HF_TOKEN: configuration.token ?? '' })
  return {
    endpoint,
    configuration: () => configuration,
    fetch: guardedFetch({
      fetch: (address, init) => {
        connection ??= connect(configuration.proxies)
        return connection.fetch(address, init)
      },
      ledger,
      endpoint,
      offline: () => offline.signal,
      now,
    }),
    configure(next) {
      const hasNewProxies = JSON.stringify(next.proxies) !== JSON.stringify(configuration.proxies)
      configuration = next
      if (next.offline) offline.abort()
      else if (offline.signal.aborted) offline = new AbortController()
      if (hasNewProxies || next.offline) {
        void connection?.[Symbol.asyncDispose]()
        connection = null
      }
      for (const listener of listeners) listener(configuration)
    },
    watch: (listener) => void listeners.push(listener),
    ledger: (page) => ledger.page(page),
    async [Symbol.asyncDispose]() {
      offline.abort()
      await connection?.[Symbol.asyncDispose]()
      ledger[Symbol.dispose]()
    },
  }
}

// Connections to the outside: HTTP/1.1 (undici's windows for HTTP/2 are small for large files), the system's certificates beside Mozilla's, proxies.
import tls from 'node:tls'
import { type Dispatcher, EnvHttpProxyAgent, fetch } from 'undici'
import type { HubFetch } from '../hub/request.ts'
import type { Proxies } from './configuration.ts'

export interface Connection extends AsyncDisposable {
  readonly fetch: HubFetch
}

const connectTimeoutMs = 20_000
/** Bodies are watched by who reads them. */
const headersTimeoutMs = 60_000

/** A pool of connections. Disposing lets open answers end by themselves: they are aborted by their signals. */
export function connect({ http, https, except }: Proxies): Connection {
  trustSystem()
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: except,
    allowH2: false,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: headersTimeoutMs,
    bodyTimeout: 0,
    maxHeaderSize: 65_536,
  })
  return {
    fetch: async (address, { method, headers, redirect, signal }) =>
      (await fetch(address, { method, headers: { ...headers }, redirect, signal, dispatcher })) as unknown as Response,
    [Symbol.asyncDispose]: async () => void dispatcher.close(),
  }
}

let isTrusted = false

/** Companies put their own certificate authorities into the system's store. */
function trustSystem(): void {
  if (isTrusted) return
  isTrusted = true
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])
}

// The network ledger in pages, newest first. It is read when somebody looks, and not followed: what is read should not move under the eyes.
import { createStore } from 'zustand/vanilla'
import type { LedgerEntry } from '../../shared/network.ts'
import type { Call } from '../ipc.ts'

export interface NetworkState {
  readonly entries: readonly LedgerEntry[]
  readonly status:
    | { readonly kind: 'unread' | 'asking' | 'known' }
    | { readonly kind: 'failed'; readonly error: unknown }
  /** There are older ones. */
  readonly hasMore: boolean
}

const pageSize = 100
const largestPage = 1000

export function createNetwork({ call }: { readonly call: Call }) {
  const store = createStore<NetworkState>()(() => ({ entries: [], status: { kind: 'unread' }, hasMore: false }))
  let asked = 0

  async function ask(beforeId: number | null, kept: readonly LedgerEntry[]): Promise<void> {
    const own = ++asked
    store.setState({ status: { kind: 'asking' } })
    try {
      const page = await call('network.ledger', { beforeId, limit: pageSize })
      if (own !== asked) return
      store.setState({ entries: [...kept, ...page], status: { kind: 'known' }, hasMore: page.length === pageSize })
    } catch (error) {
      if (own === asked) store.setState({ status: { kind: 'failed', error } })
    }
  }

  return {
    store,
    /** The newest page, in place of what was read before. */
    read: () => ask(null, []),
    readMore: () => {
      const { entries } = store.getState()
      return ask(entries.at(-1)?.id ?? null, entries)
    },
    /** The whole ledger, however much of it is shown. */
    readAll: async (signal: AbortSignal): Promise<readonly LedgerEntry[]> => {
      const all: LedgerEntry[] = []
      while (true) {
        signal.throwIfAborted()
        const page = await call('network.ledger', { beforeId: all.at(-1)?.id ?? null, limit: largestPage })
        all.push(...page)
        if (page.length < largestPage) return all
      }
    },
  }
}

const columns = [
  ['id', ({ id }) => String(id)],
  ['time', ({ startedAtMs }) => new Date(startedAtMs).toISOString()],
  ['method', ({ method }) => method],
  ['host', ({ host }) => host],
  ['path', ({ path }) => path],
  ['purpose', ({ purpose }) => purpose],
  ['token', ({ withToken }) => (withToken ? 'yes' : 'no')],
  ['status', ({ status }) => (status === null ? '' : String(status))],
  ['received bytes', ({ receivedBytes }) => String(receivedBytes)],
  ['duration ms', ({ durationMs }) => (durationMs === null ? '' : String(durationMs))],
  ['problem', ({ problem }) => problem ?? ''],
] as const satisfies readonly (readonly [name: string, value: (entry: LedgerEntry) => string])[]

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function ledgerCsv(entries: readonly LedgerEntry[]): string {
  const lines = [columns.map(([name]) => name), ...entries.map((entry) => columns.map(([, value]) => value(entry)))]
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('')
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

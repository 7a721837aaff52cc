// What a launched app opened, counted from two sides: Node's own handles in each of its Node processes (countSockets.cjs) and the log of Chromium's network
// stack. Each app has a folder of its own in the test run's folder of records; socketCount.ts reads them all when the run ends.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type NetLogEvents, readNetLog } from './netLog.ts'

/** Names the run's folder of records. Without it nothing is recorded: benchmarks launch apps too. */
export const recordsVariable = 'HEARTH_SOCKET_RECORDS'

const appFile = 'app.json'
const nodeFile = 'node.jsonl'
const chromiumFile = 'chromium.json'

const app = z.strictObject({ hub: z.string().nullable(), isAttacked: z.boolean() })
const line = z.strictObject({
  /** `browser` is the main process. */
  place: z.enum(['browser', 'utility', 'thread', 'node']),
  kind: z.enum(['started', 'connection', 'datagrams', 'server', 'lookup']),
  to: z.string(),
})
export type NodeEvent = Readonly<z.infer<typeof line>>

export interface AppRecord {
  /** The Hub that it was allowed to ask; null where it was launched offline. */
  readonly hub: string | null
  /** A test made its page try to get out, past some of what holds it. */
  readonly isAttacked: boolean
  readonly node: readonly NodeEvent[]
  /** null where Chromium wrote no log: it ended before it had a network stack, or its log was asked for elsewhere. */
  readonly chromium: NetLogEvents | null
}

export interface Recording {
  readonly environment: Readonly<Record<string, string>>
  /** Before the app's folder. */
  readonly preload: readonly string[]
  /** Behind the app's folder. */
  readonly arguments: readonly string[]
  /** What the Node processes did up to now. */
  node(): readonly NodeEvent[]
}

/** For one app, before it is launched. */
export function recordSockets(hub: string | null, isAttacked: boolean): Recording {
  const folder = process.env[recordsVariable]
  if (folder === undefined) return { environment: {}, preload: [], arguments: [], node: () => [] }
  const own = mkdtempSync(join(folder, 'app-'))
  writeFileSync(join(own, appFile), JSON.stringify({ hub, isAttacked } satisfies z.infer<typeof app>))
  return {
    environment: { HEARTH_SOCKETS_FILE: join(own, nodeFile) },
    preload: ['-r', join(import.meta.dirname, 'countSockets.cjs')],
    arguments: [`--log-net-log=${join(own, chromiumFile)}`],
    node: () => readNode(own),
  }
}

/** Of all apps of the run. */
export function readRecords(folder: string): readonly AppRecord[] {
  return readdirSync(folder).map((name) => {
    const own = join(folder, name)
    const log = join(own, chromiumFile)
    const { hub, isAttacked } = app.parse(JSON.parse(readFileSync(join(own, appFile), 'utf8')))
    return { hub, isAttacked, node: readNode(own), chromium: existsSync(log) ? readNetLog(log) : null }
  })
}

function readNode(own: string): readonly NodeEvent[] {
  const file = join(own, nodeFile)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((text) => text !== '').map((text) => line.parse(JSON.parse(text)))
}

const loopback = /^(https?:\/\/)?(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)(:\d+)?$/

/**
 * What is left of an attack that was stopped: every name is mapped to ~NOTFOUND before it is looked up, and Chromium then finds out whether IPv6 is routed at all
 * by connecting a datagram socket to this address, which sends nothing.
 */
const stopped = /^((https?:\/\/)?~notfound(:\d+)?|\[2001:4860:4860::8888\]:443)$/i

/** Everything an app opened that it may not: anything where it was launched offline, anything but this computer where it was not. */
export function offences({ hub, isAttacked, node, chromium }: AppRecord): readonly string[] {
  const opened = [
    ...node.filter(({ kind }) => kind !== 'started').map(({ place, kind, to }) => ({ what: `${place}: ${kind}`, to })),
    ...(chromium?.connects ?? []).map((to) => ({ what: 'Chromium: connection', to })),
    ...(chromium?.lookups ?? []).map((to) => ({ what: 'Chromium: lookup', to })),
  ]
  return opened
    .filter(({ to }) => (hub === null || !loopback.test(to)) && !(isAttacked && stopped.test(to)))
    .map(({ what, to }) => `${what} ${to}`)
}

// In main: keeps a models process running. Whoever asks waits until it is up and configured; when it ends, what it was asked fails and another is started,
// a bounded number of times. Jobs go on by themselves: their queue is on the disk.
import type { InputOf, OutputOf } from '../../shared/ipc.ts'
import { type Announce, type RemoteProcess, remoteProcess, type Wire } from '../ipc/remote.ts'
import type { NetworkConfiguration } from '../services/network/configuration.ts'
import { createRestarts } from '../services/restarts.ts'
import type { processRequests } from './contract.ts'

type Requests = typeof processRequests

/** A process that was started. */
export interface ForkedProcess {
  readonly wire: Wire
  /** Resolves when it has ended, to why in half a sentence. */
  readonly ended: Promise<string>
  end(): void
}

export interface ModelsProcessOptions {
  readonly fork: () => ForkedProcess
  readonly configuration: () => Promise<NetworkConfiguration>
  readonly announce: Announce
  /** Told of each end that nobody asked for. */
  readonly report: (reason: string) => void
  /** Milliseconds, never decreasing. */
  readonly now: () => number
}

export interface ModelsProcess extends Pick<RemoteProcess<Requests>, 'call'> {
  /** Passes the network's configuration on, where the process is up; one that starts later asks for it. */
  configure(configuration: NetworkConfiguration): Promise<void>
  stop(): void
}

interface Running {
  readonly remote: RemoteProcess<Requests>
  readonly forked: ForkedProcess
  /** Resolves when it is configured. Rejects where the models folder cannot be opened; asked again, it tries again. */
  readonly ready: () => Promise<unknown>
}

/** After it has ended again and again, a request starts it once more, but not sooner than this after the last end. */
const restMs = 60_000

export function startModelsProcess(options: ModelsProcessOptions): ModelsProcess {
  const mayRestart = createRestarts()
  let running: Running | null = null
  let endedMs = Number.NEGATIVE_INFINITY
  let isStopped = false
  const start = (): Running => {
    const forked = options.fork()
    const remote = remoteProcess<Requests>(forked.wire, options.announce)
    const configure = async () => await remote.call('process.configure', await options.configuration())
    let configured: Promise<unknown> | null = null
    const ready = () => {
      configured ??= configure().catch((error: unknown) => {
        configured = null
        throw error
      })
      return configured
    }
    ready().catch(() => undefined)
    const started: Running = { remote, forked, ready }
    running = started
    void forked.ended.then((reason) => {
      remote.ended(reason)
      if (running === started) running = null
      if (isStopped) return
      endedMs = options.now()
      options.report(reason)
      if (mayRestart(endedMs)) start()
    })
    return started
  }
  const current = (): Running => {
    if (running !== null) return running
    if (isStopped || options.now() - endedMs < restMs) return gone()
    return start()
  }
  start()
  return {
    async call<C extends keyof Requests & string>(channel: C, input: InputOf<Requests, C>, signal?: AbortSignal) {
      const { remote, ready } = current()
      await ready()
      return (await remote.call(channel, input, signal)) as OutputOf<Requests, C>
    },
    async configure(configuration) {
      // A models folder that cannot be opened is no reason not to keep a setting: each request about models says so.
      await running?.remote.call('process.configure', configuration).catch(() => undefined)
    },
    stop() {
      isStopped = true
      running?.forked.end()
    },
  }
}

/** Answers as a process that has ended does. */
function gone(): Running {
  const wire: Wire = { post: () => {}, receive: () => {} }
  const remote = remoteProcess<Requests>(wire, () => {})
  remote.ended('again and again')
  return { remote, forked: { wire, ended: Promise.resolve(''), end: () => {} }, ready: async () => {} }
}

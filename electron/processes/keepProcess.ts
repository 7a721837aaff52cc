// In main: keeps a process running. Whoever asks waits until it is up and ready; when it ends, what it was asked fails and another is started, a bounded
// number of times.
import type { Contract, InputOf, OutputOf } from '../../shared/ipc.ts'
import { type Announce, type RemoteProcess, remoteProcess, type Wire } from '../ipc/remote.ts'
import { createRestarts } from '../services/restarts.ts'

/** A process that was started. */
export interface ForkedProcess {
  readonly wire: Wire
  /** Resolves when it has ended, to why in half a sentence. */
  readonly ended: Promise<string>
  end(): void
}

export type Call<K extends Contract> = RemoteProcess<K>['call']

export interface KeepOptions<K extends Contract> {
  readonly fork: () => ForkedProcess
  /** What a new process has to hear before anything else. Rejects where it cannot work; the next request tries again. */
  readonly prepare: (call: Call<K>) => Promise<unknown>
  /** Requests that change nothing the second time: one whose process ends is asked of the next process, once. None unless given. */
  readonly mayRepeat?: (channel: keyof K & string) => boolean
  readonly announce: Announce
  /** Told of each end that nobody asked for. */
  readonly report: (reason: string) => void
  /** Milliseconds, never decreasing. */
  readonly now: () => number
}

export interface KeptProcess<K extends Contract> {
  readonly call: Call<K>
  /** Asks the process that is up, prepared or not; null where none is. */
  callRunning<C extends keyof K & string>(channel: C, input: InputOf<K, C>): Promise<OutputOf<K, C> | null>
  stop(): void
}

interface Running<K extends Contract> {
  hasEnded: boolean
  readonly remote: RemoteProcess<K>
  readonly forked: ForkedProcess
  readonly ready: () => Promise<unknown>
}

/** After it has ended again and again, a request starts it once more, but not sooner than this after the last end. */
const restMs = 60_000

export function keepProcess<K extends Contract>(options: KeepOptions<K>): KeptProcess<K> {
  const mayRestart = createRestarts()
  let running: Running<K> | null = null
  let endedMs = Number.NEGATIVE_INFINITY
  let isStopped = false
  const start = (): Running<K> => {
    const forked = options.fork()
    const remote = remoteProcess<K>(forked.wire, options.announce)
    let prepared: Promise<unknown> | null = null
    const ready = () => {
      prepared ??= options.prepare(remote.call).catch((error: unknown) => {
        prepared = null
        throw error
      })
      return prepared
    }
    ready().catch(() => undefined)
    const started: Running<K> = { remote, forked, ready, hasEnded: false }
    running = started
    void forked.ended.then((reason) => {
      started.hasEnded = true
      remote.ended(reason)
      if (running === started) running = null
      if (isStopped) return
      endedMs = options.now()
      options.report(reason)
      if (mayRestart(endedMs)) start()
    })
    return started
  }
  const current = (): Running<K> => {
    if (running !== null) return running
    if (isStopped || options.now() - endedMs < restMs) return gone()
    return start()
  }
  const call: Call<K> = async (channel, input, signal) => {
    const { remote, ready } = current()
    await ready()
    return await remote.call(channel, input, signal)
  }
  start()
  return {
    async call(channel, input, signal) {
      const asked = running
      try {
        return await call(channel, input, signal)
      } catch (error) {
        if (options.mayRepeat?.(channel) !== true || asked?.hasEnded !== true || running === null) throw error
        return await call(channel, input, signal)
      }
    },
    async callRunning(channel, input) {
      return (await running?.remote.call(channel, input)) ?? null
    },
    stop() {
      isStopped = true
      running?.forked.end()
    },
  }
}

/** Answers as a process that has ended does. */
function gone<K extends Contract>(): Running<K> {
  const wire: Wire = { post: () => {}, receive: () => {} }
  const remote = remoteProcess<K>(wire, () => {})
  remote.ended('again and again')
  const forked = { wire, ended: Promise.resolve(''), end: () => {} }
  return { remote, forked, ready: async () => {}, hasEnded: true }
}

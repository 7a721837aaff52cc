// The chats of main, on a real file, as a bridge of this process: what the window asks goes through the decoders of the requests.
import { chatsHandlers } from '../../electron/chats/handlers.ts'
import { openChats } from '../../electron/services/chats/openChats.ts'
import { ServiceError } from '../../electron/services/serviceError.ts'
import type { Bridge } from '../../renderer/ipc.ts'
import { type AppError, requests } from '../../shared/ipc.ts'
import { noCopies } from './chats.ts'

export interface RealChats extends Disposable {
  readonly answers: Partial<Bridge>
  /** What each request fails with before it reaches the file; null: it is answered. */
  failure: AppError | null
}

export function realChats(folder: string, now: () => number): RealChats {
  const opened = openChats({ folder, run: crypto.randomUUID(), now })
  const readNothing = () => {
    throw new Error('no file is read')
  }
  const handlers = chatsHandlers(opened, readNothing, noCopies)
  const real: RealChats = {
    answers: {},
    failure: null,
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  }
  for (const [channel, handler] of Object.entries(handlers)) {
    if (!(channel in requests)) continue
    const { input: schema } = requests[channel as keyof typeof requests]
    const answer = async (input: unknown) => {
      if (real.failure !== null) return { ok: false, error: real.failure }
      try {
        const decoded = schema.parse(input)
        const handle = handler as (given: unknown, signal: AbortSignal) => Promise<unknown>
        return { ok: true, value: await handle(decoded, new AbortController().signal) }
      } catch (error) {
        if (!(error instanceof ServiceError)) return { ok: false, error: { code: 'internal', message: String(error) } }
        return { ok: false, error: { code: 'failed', message: error.message, problem: error.problem } }
      }
    }
    Object.assign(real.answers, { [channel]: answer })
  }
  return real
}

// What is on its way to the disk, in order. What cannot be saved stays here and is tried again with whatever comes next, so that nothing is lost while
// the window lives.
import type { Input } from '../../../shared/ipc.ts'
import { type Call, RequestFailed } from '../../ipc.ts'
import type { After } from './timer.ts'

const channels = [
  'chats.create',
  'chats.change',
  'chats.add',
  'chats.append',
  'chats.changeMessage',
  'chats.removeMessages',
  'chats.keepRecord',
] as const
type SaveChannel = (typeof channels)[number]

/** A request that changes a chat. */
export type Save = { readonly [C in SaveChannel]: { readonly channel: C; readonly input: Input<C> } }[SaveChannel]

export interface OutboxParts {
  readonly call: Call
  readonly after: After
  /** Trying was given up for now; null: everything is saved again. */
  readonly failed: (error: unknown) => void
}

export type Outbox = ReturnType<typeof createOutbox>

interface Waiting {
  readonly chatId: string
  save: Save
  readonly done: PromiseWithResolvers<boolean>
}

/** What was given up for now is tried again by itself this often, this many times, and nobody is told again. */
const laterMs = 30_000
const mostLaterTries = 40

/** Before each further try, for failures that may pass: a process that starts again, a locked file. */
export const retryDelaysMs = [200, 800, 2500] as const

export function createOutbox({ call, after, failed }: OutboxParts) {
  const waiting: Waiting[] = []
  let isBusy = false
  let isFailing = false
  let laterTries = 0
  let stopLater = () => {}

  /** Resolves when it is on the disk (true), or when trying was given up for now (false): it is tried again before the next. */
  function send(chatId: string, save: Save): Promise<boolean> {
    const last = waiting.at(-1)
    const joined = last !== undefined && last.chatId === chatId && !(isBusy && waiting.length === 1)
    const merged = joined ? mergedSave(last.save, save) : null
    if (merged !== null && last !== undefined) {
      last.save = merged
      void work()
      return last.done.promise
    }
    const item = { chatId, save, done: Promise.withResolvers<boolean>() }
    waiting.push(item)
    void work()
    return item.done.promise
  }

  async function work(isTold = true): Promise<void> {
    if (isBusy) return
    isBusy = true
    stopLater()
    while (waiting[0] !== undefined) {
      const item = waiting[0]
      const outcome = await tried(item.save, isTold)
      if (outcome === 'later') break
      waiting.shift()
      item.done.resolve(outcome === 'saved')
    }
    isBusy = false
    // Those who wait go on without: what they gave stays here.
    for (const item of waiting) item.done.resolve(false)
    if (waiting.length === 0 || laterTries >= mostLaterTries) return
    laterTries += 1
    stopLater = after(laterMs, () => void work(false))
  }

  async function tried({ channel, input }: Save, isTold: boolean): Promise<'saved' | 'refused' | 'later'> {
    const delaysMs = isFailing ? [] : retryDelaysMs
    for (let index = 0; ; index++) {
      try {
        await call(channel, input as never)
        if (isFailing) failed(null)
        isFailing = false
        laterTries = 0
        return 'saved'
      } catch (error) {
        // It will never be taken: nothing behind it may wait for it.
        if (isFinal(error)) {
          failed(error)
          return 'refused'
        }
        const delayMs = delaysMs[index]
        if (delayMs === undefined || !mayPass(error)) {
          isFailing = true
          if (isTold) failed(error)
          return 'later'
        }
        await new Promise<void>((resolve) => after(delayMs, resolve))
      }
    }
  }

  return {
    send,
    /** Something of this chat is not on the disk yet. */
    holds: (chatId: string) => waiting.some((item) => item.chatId === chatId),
    /**
     * The window is about to be gone and hears no more answers: everything that waits is sent in its order. What is on its way already is sent again, which
     * changes nothing.
     */
    sendNow(): void {
      for (const { save } of waiting) call(save.channel, save.input as never).catch(() => {})
    },
    /** When everything given so far is saved or was given up for now. */
    settled: async () => void (await Promise.all(waiting.map(({ done }) => done.promise))),
  }
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof RequestFailed)) return false
  return (
    error.code === 'invalid-input' || error.problem?.code === 'chats-gone' || error.problem?.code === 'chats-conflict'
  )
}

/** A second later they are the same. */
const lasting = ['disk-full', 'chats-read-only', 'chats-unusable', 'chats-in-use'] as const

function mayPass(error: unknown): boolean {
  if (!(error instanceof RequestFailed)) return true
  return error.code !== 'not-allowed' && !lasting.some((code) => code === error.problem?.code)
}

/** One request for two of the same kind, where the second only goes on with the first. */
function mergedSave(before: Save, save: Save): Save | null {
  if (before.channel === 'chats.change' && save.channel === 'chats.change')
    return {
      channel: 'chats.change',
      input: { id: save.input.id, change: { ...before.input.change, ...save.input.change } },
    }
  if (before.channel === 'chats.append' && save.channel === 'chats.append') {
    const { id, at, text } = before.input
    if (id !== save.input.id || save.input.at !== at + text.length) return null
    return { channel: 'chats.append', input: { id, at, text: text + save.input.text } }
  }
  return null
}

// Asking a model, from the moment a person wants it to the saved answer: waiting for the model, the messages on the disk first, then the run.
import type { StoreApi } from 'zustand/vanilla'
import type { ChatSampling, Message, MessageChange } from '../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { Prompt } from '../../inference/protocol.ts'
import type { ModelsState } from '../models.ts'
import { type AnsweringParts, answer, type Ended } from './answering.ts'
import { type Desk, put, setRemoved } from './desk.ts'
import type { Keeping } from './keeping.ts'
import type { Queue } from './queue.ts'

/** What a run writes, decided when the model is ready. */
export interface Plan {
  /** New messages, parents first. */
  readonly added: readonly Message[]
  /** The message that is written: the last of those added, or one that grows. */
  readonly target: Message
  /** The end of the branch that is seen from now on. */
  readonly leafId: string | null
  readonly prompt: Prompt
  readonly sampling: ChatSampling
  readonly ended?: (text: string) => MessageChange
  /** Other changes at the same moment: the draft is empty now. */
  readonly more?: Parameters<typeof put>[3]
}

export interface RunsParts extends Omit<AnsweringParts, 'append'> {
  readonly models: StoreApi<ModelsState>
  readonly queue: Queue
  readonly keeping: Keeping
  readonly drawSeed: () => number
  /** A model writes in this chat now; null: in none. */
  readonly writing: (desk: Desk | null) => void
  /** Whatever became of it. */
  readonly ended: (desk: Desk) => void
}

interface Written {
  readonly ended: Ended
  /** Resolves when the end of it is on the disk. */
  readonly saved: Promise<boolean>
}

export type Runs = ReturnType<typeof createRuns>

export function createRuns(parts: RunsParts) {
  const { models, queue, keeping } = parts
  let writing: AbortController | null = null

  /** null: it was taken back, or there is nothing to do. `after` runs when it has ended, before anybody else writes. */
  async function run(
    desk: Desk,
    plan: (model: InstalledModel) => Plan | null,
    after: (ended: Ended, plan: Plan) => void = () => {},
  ): Promise<Ended | null> {
    if (desk.running !== null) return null
    const own = new AbortController()
    desk.running = own
    desk.store.setState({ run: { kind: queue.isFree() ? 'reading' : 'waiting' }, problem: null, repeated: null })
    const written = await taken(desk, plan, after, own).finally(() => parts.ended(desk))
    await written?.saved
    return written?.ended ?? null
  }

  async function taken(
    desk: Desk,
    plan: (model: InstalledModel) => Plan | null,
    after: (ended: Ended, plan: Plan) => void,
    own: AbortController,
  ): Promise<Written | null> {
    let leave = () => {}
    try {
      leave = await queue.take(own.signal)
      writing = own
      parts.writing(desk)
      return await write(desk, plan, after, own.signal)
    } catch (error) {
      // Taken back, or the model failed to load, which is shown where models are: nothing was sent.
      if (own.signal.aborted || models.getState().status.kind === 'failed') return null
      throw error
    } finally {
      desk.running = null
      desk.store.setState({ run: { kind: 'idle' }, live: null })
      if (writing === own) {
        writing = null
        parts.writing(null)
      }
      leave()
    }
  }

  async function write(
    desk: Desk,
    planned: (model: InstalledModel) => Plan | null,
    after: (ended: Ended, plan: Plan) => void,
    signal: AbortSignal,
  ): Promise<Written | null> {
    const { selected: model, adapter } = models.getState()
    const plan = model === null ? null : planned(model)
    if (model === null || plan === null) return null
    const { prompt, sampling, ended = () => ({}) } = plan
    const { id: messageId, text: soFar } = plan.target
    const before = desk.store.getState().messages.get(messageId)
    models.setState({ recovery: 'none' })
    await begin(desk, plan, model)
    const { engine, nowMs, after: later, drawSeed } = parts
    const append = (id: string, at: number, text: string) => keeping.append(desk, id, at, text)
    const seed = sampling.seed ?? drawSeed()
    const request = { messageId, model, adapter, prompt, sampling, seed, soFar, ended }
    const result = await answer({ engine, nowMs, after: later, append }, desk, request, signal)
    if (result.problem !== null && result.wroteNothing && before !== undefined) {
      // A message that was to grow is what it was.
      put(desk, [before], desk.store.getState().chat.leafId)
      return { ended: result, saved: keeping.changeMessage(desk, messageId, { state: before.state }) }
    }
    after(result, plan)
    if (!desk.store.getState().messages.has(messageId)) return { ended: result, saved: Promise.resolve(true) }
    const saved = keeping.changeMessage(desk, messageId, result.change)
    if (result.record !== null) void keeping.record(desk, result.record)
    return { ended: result, saved }
  }

  /** The messages are seen, and on the disk when this resolves. */
  async function begin(desk: Desk, { added, target, leafId, more = {} }: Plan, model: InstalledModel): Promise<void> {
    const chat = more.chat ?? desk.store.getState().chat
    const settings = { ...chat.settings, modelKey: model.key }
    const wasKept = desk.isKept
    put(desk, [...added, target], leafId, { ...more, chat: { ...chat, settings }, run: { kind: 'reading' } })
    setRemoved(desk, null)
    const saved =
      added.length > 0 ? keeping.add(desk, added) : keeping.changeMessage(desk, target.id, { state: 'streaming' })
    if (wasKept) void keeping.change(desk, { draft: chat.draft, settings })
    await saved
  }

  return {
    run,
    /** Asks the model to stop; it does within one token. What waits is taken back. false: nothing runs. */
    stop(desk: Desk): boolean {
      if (desk.running === null) return false
      if (desk.store.getState().run.kind !== 'waiting') desk.store.setState({ run: { kind: 'stopping' } })
      desk.running.abort(new Error('stopped'))
      return true
    },
    /** Another model takes the place of the one that writes: what it wrote stays. */
    interrupt(): void {
      writing?.abort(new Error('another model was chosen'))
    },
  }
}

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
  /** A chat is being written in, or no more. */
  readonly writing: (desk: Desk, isWriting: boolean) => void
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
    parts.writing(desk, true)
    let leave = () => {}
    try {
      leave = await queue.take(own.signal)
      writing = own
      return await write(desk, plan, after, own.signal)
    } catch (error) {
      // Taken back, or the model failed to load, which is shown where models are: nothing was sent.
      if (own.signal.aborted || models.getState().status.kind === 'failed') return null
      throw error
    } finally {
      if (writing === own) writing = null
      desk.running = null
      desk.store.setState({ run: { kind: 'idle' }, live: null })
      leave()
      parts.writing(desk, false)
    }
  }

  async function write(
    desk: Desk,
    planned: (model: InstalledModel) => Plan | null,
    after: (ended: Ended, plan: Plan) => void,
    signal: AbortSignal,
  ): Promise<Ended | null> {
    const { selected: model, adapter } = models.getState()
    const plan = model === null ? null : planned(model)
    if (model === null || plan === null) return null
    const { added, target, leafId, prompt, sampling, ended = () => ({}) } = plan
    const chat = { ...(plan.more?.chat ?? desk.store.getState().chat) }
    const settings = { ...chat.settings, modelKey: model.key }
    models.setState({ recovery: 'none' })
    put(desk, [...added, target], leafId, { ...plan.more, chat: { ...chat, settings }, run: { kind: 'reading' } })
    setRemoved(desk, null)
    if (added.length > 0) await keeping.add(desk, added)
    else await keeping.changeMessage(desk, target.id, { state: 'streaming' })
    void keeping.change(desk, { draft: desk.store.getState().chat.draft, settings })
    const { engine, nowMs, after: later, drawSeed } = parts
    const append = (id: string, at: number, text: string) => keeping.append(desk, id, at, text)
    const seed = sampling.seed ?? drawSeed()
    const { id: messageId, text: soFar } = target
    const request = { messageId, model, adapter, prompt, sampling, seed, soFar, ended }
    const result = await answer({ engine, nowMs, after: later, append }, desk, request, signal)
    after(result, plan)
    if (!desk.store.getState().messages.has(messageId)) return result
    const saved = keeping.changeMessage(desk, messageId, result.change)
    if (result.record !== null) void keeping.record(desk, result.record)
    await saved
    return result
  }

  return {
    run,
    /** Asks the model to stop; it does within one token. What waits is taken back. */
    stop(desk: Desk): void {
      if (desk.running === null) return
      if (desk.store.getState().run.kind !== 'waiting') desk.store.setState({ run: { kind: 'stopping' } })
      desk.running.abort(new Error('stopped'))
    },
    /** Another model takes the place of the one that writes: what it wrote stays. */
    interrupt(): void {
      writing?.abort(new Error('another model was chosen'))
    },
  }
}

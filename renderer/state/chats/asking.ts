// Everything that has a model write: sending, another answer, an edited question, going on, and the same record once more.
import type { StoreApi } from 'zustand/vanilla'
import { scaffolded } from '../../../shared/chats/scaffold.ts'
import { pathTo } from '../../../shared/chats/tree.ts'
import type { ChatSampling, Message, MessageChange } from '../../../shared/chats/types.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import { appended, continued } from '../document.ts'
import type { ModelsState } from '../models.ts'
import { type Ended, writerOf } from './answering.ts'
import { changeChat, type Desk, drop } from './desk.ts'
import type { Keeping } from './keeping.ts'
import { answerMessage, documentMessage, type MessageMaker, userMessage } from './messages.ts'
import { promptOf } from './prompts.ts'
import type { Plan, Runs } from './runs.ts'
import { samplingOf, withScaffoldStops } from './sampling.ts'

export interface AskingParts extends MessageMaker {
  readonly models: StoreApi<ModelsState>
  readonly runs: Runs
  readonly keeping: Keeping
}

export type Asking = ReturnType<typeof createAsking>

const emptyDraft = { text: '', input: '' } as const

export function createAsking(parts: AskingParts) {
  const { models, runs, keeping } = parts

  function canSend(desk: Desk): boolean {
    const { status, selected } = models.getState()
    const { chat, document } = desk.store.getState()
    if (status.kind === 'failed' || desk.running !== null) return false
    if (document !== null) return document.text !== '' || selected?.manifest.bosTokenId !== null
    return chat.draft.text.trim() !== ''
  }

  async function send(desk: Desk): Promise<void> {
    if (!canSend(desk)) return
    const isDocument = desk.store.getState().document !== null
    await runs.run(
      desk,
      // Meanwhile another kind of model may have come into use, which would be sent something else.
      (model) => (isDocument === (model.manifest.variant === 'base') ? planSend(desk, model) : null),
      (ended, plan) => withdrawRefused(desk, ended, plan),
    )
  }

  function planSend(desk: Desk, model: InstalledModel): Plan | null {
    const { chat, path } = desk.store.getState()
    if (model.manifest.variant === 'base') return continueDocument(desk, model)
    const { text, input } = chat.draft
    if (text.trim() === '') return null
    const question = userMessage(parts, { chatId: chat.id, parentId: chat.leafId }, text.trim(), input.trim())
    const plan = planAnswer(desk, model, [...path, question])
    return { ...plan, added: [question, ...plan.added], more: { chat: { ...chat, draft: emptyDraft } } }
  }

  /** An answer behind the last message of this branch. */
  function planAnswer(desk: Desk, model: InstalledModel, path: readonly Message[]): Plan {
    const { chat } = desk.store.getState()
    const { variant } = model.manifest
    const parentId = path.at(-1)?.id ?? null
    const target = answerMessage(parts, { chatId: chat.id, parentId }, writerOf(model))
    const prompt = promptOf({ variant, template: model.manifest.prompt, settings: chat.settings, path })
    return { added: [target], target, leafId: target.id, prompt, sampling: chosenSampling(desk, model) }
  }

  /** The text that is seen, gone on with: in its own message, which is made here where the text was only built from the conversation. */
  function continueDocument(desk: Desk, model: InstalledModel): Plan | null {
    const { chat, messages, document } = desk.store.getState()
    const kept = document?.messageId == null ? undefined : messages.get(document.messageId)
    if (kept !== undefined) return growDocument(desk, model, kept, [])
    const { scaffold } = chat.settings
    const { text, written } = document ?? scaffolded(desk.store.getState().path, scaffold)
    const content = { text, written, scaffold }
    const made = documentMessage(parts, { chatId: chat.id, parentId: chat.leafId }, content)
    return growDocument(desk, model, made, ['added'])
  }

  function growDocument(desk: Desk, model: InstalledModel, message: Message, isNew: readonly 'added'[]): Plan {
    const target: Message = { ...message, state: 'streaming' }
    const { settings } = desk.store.getState().chat
    return {
      added: isNew.length > 0 ? [target] : [],
      target,
      leafId: target.id,
      prompt: promptOf({ variant: 'base', template: model.manifest.prompt, settings, path: [target] }),
      sampling: chosenSampling(desk, model),
      ended: (text) => writtenBehind(target, text),
    }
  }

  function chosenSampling(desk: Desk, model: InstalledModel): ChatSampling {
    const { settings } = desk.store.getState().chat
    const { variant } = model.manifest
    const sampling = samplingOf(settings, variant, model)
    return variant === 'base' ? withScaffoldStops(sampling, settings.scaffold) : sampling
  }

  /** Nothing was sent: the message is still the person's to shorten, and what was there before it stays. */
  function withdrawRefused(desk: Desk, { problem, wroteNothing }: Ended, { added }: Plan): void {
    if (problem === null || !wroteNothing || !isRefusal(problem.code) || added.length === 0) return
    const [first] = added
    const ids = added.map(({ id }) => id)
    drop(desk, ids, first?.parentId ?? null)
    void keeping.remove(desk, ids.slice(0, 1))
    if (first?.role !== 'user') return
    changeChat(desk, { draft: { text: first.text, input: first.input } })
    void keeping.change(desk, { draft: desk.store.getState().chat.draft })
  }

  async function regenerate(desk: Desk, messageId: string): Promise<void> {
    const { messages, chat } = desk.store.getState()
    const message = messages.get(messageId)
    if (message === undefined || !canAsk(desk)) return
    const before = chat.leafId
    await runs.run(
      desk,
      (model) => {
        if (message.role === 'document') return documentVersion(desk, model, message)
        const questionId = message.role === 'user' ? message.id : message.parentId
        return planAnswer(desk, model, pathTo(desk.store.getState().messages, questionId))
      },
      (ended, plan) => withdrawVersion(desk, ended, plan, before),
    )
  }

  /** Beside a document: what it was before its newest continuation, gone on with. */
  function documentVersion(desk: Desk, model: InstalledModel, message: Message): Plan | null {
    if (model.manifest.variant !== 'base') return null
    const newest = Math.max(0, ...message.written.map(({ continuation }) => continuation))
    const first = message.written.find(({ continuation }) => continuation === newest)
    const text = message.text.slice(0, first?.start ?? message.text.length)
    const written = message.written.filter(({ end }) => end <= text.length)
    const { chatId, parentId, scaffold } = message
    return growDocument(desk, model, documentMessage(parts, { chatId, parentId }, { text, written, scaffold }), [
      'added',
    ])
  }

  async function resend(desk: Desk, messageId: string, text: string, input: string): Promise<void> {
    const { messages, chat } = desk.store.getState()
    const message = messages.get(messageId)
    if (message?.role !== 'user' || text.trim() === '' || !canAsk(desk)) return
    const before = chat.leafId
    await runs.run(
      desk,
      (model) => {
        const place = { chatId: message.chatId, parentId: message.parentId }
        const question = userMessage(parts, place, text.trim(), input.trim())
        const path = [...pathTo(desk.store.getState().messages, message.parentId), question]
        const plan = planAnswer(desk, model, path)
        return { ...plan, added: [question, ...plan.added] }
      },
      (ended, plan) => withdrawVersion(desk, ended, plan, before),
    )
  }

  function withdrawVersion(desk: Desk, { problem, wroteNothing }: Ended, { added }: Plan, leafId: string | null): void {
    if (problem === null || !wroteNothing || !isRefusal(problem.code)) return
    const ids = added.map(({ id }) => id)
    drop(desk, ids, leafId)
    void keeping.remove(desk, ids.slice(0, 1))
  }

  async function continueAnswer(desk: Desk, messageId: string): Promise<void> {
    const message = desk.store.getState().messages.get(messageId)
    if (message === undefined || message.role === 'user' || !canAsk(desk)) return
    await runs.run(desk, (model) => {
      const { messages, chat } = desk.store.getState()
      const { variant } = model.manifest
      if (message.role === 'document') return variant === 'base' ? growDocument(desk, model, message, []) : null
      const path = pathTo(messages, message.parentId)
      return grown(desk, model, variant, message, path, chat.leafId)
    })
  }

  function grown(
    desk: Desk,
    model: InstalledModel,
    variant: Variant,
    message: Message,
    path: readonly Message[],
    leafId: string | null,
  ): Plan {
    const { settings } = desk.store.getState().chat
    const target: Message = { ...message, state: 'streaming' }
    const prompt = promptOf({ variant, template: model.manifest.prompt, settings, path, replySoFar: message.text })
    return { added: [], target, leafId, prompt, sampling: chosenSampling(desk, model) }
  }

  function canAsk(desk: Desk): boolean {
    return models.getState().status.kind !== 'failed' && desk.running === null
  }

  return { canSend, canAsk, send, regenerate, resend, continueAnswer, planAnswer, growDocument, chosenSampling }
}

/** The text with what was written behind it as a new stretch. */
export function writtenBehind(message: Message, text: string): MessageChange {
  const { text: before, written } = message
  const continuations = Math.max(0, ...written.map(({ continuation }) => continuation))
  const added = text.slice(before.length)
  return { written: [...appended(continued({ text: before, written, continuations }), added).written] }
}

function isRefusal(code: string): boolean {
  return code === 'too-long' || code === 'context-full' || code === 'bad-schema'
}

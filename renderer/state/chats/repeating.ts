// An answer once more: the same record, to see that it gives the same text; or another token at one place, and what follows from it.
import type { StoreApi } from 'zustand/vanilla'
import { pathTo } from '../../../shared/chats/tree.ts'
import type { AnswerRecord, Message, TokenChoice } from '../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { ModelsState } from '../models.ts'
import { type Ended, writerOf } from './answering.ts'
import { type Asking, writtenBehind } from './asking.ts'
import type { Desk } from './desk.ts'
import type { Keeping } from './keeping.ts'
import { answerMessage, documentMessage, type MessageMaker } from './messages.ts'
import { promptOf } from './prompts.ts'
import type { Plan, Runs } from './runs.ts'

export interface RepeatingParts extends MessageMaker {
  readonly models: StoreApi<ModelsState>
  readonly select: (model: InstalledModel) => Promise<void>
  readonly runs: Runs
  readonly keeping: Keeping
  readonly asking: Asking
  readonly record: (desk: Desk, messageId: string) => Promise<AnswerRecord | null>
}

export function createRepeating(parts: RepeatingParts) {
  const { models, runs, keeping, asking } = parts

  async function runAgain(desk: Desk, messageId: string, keepProbabilities: boolean): Promise<void> {
    const record = await parts.record(desk, messageId)
    const old = desk.store.getState().messages.get(messageId)
    if (record === null || old === undefined || desk.running !== null) return
    const { installed, selected } = models.getState()
    const model = installed.find(({ key }) => key === record.writer.key)
    if (model === undefined) {
      const detail = `${record.writer.title} is not installed any more`
      return desk.store.setState({ problem: { code: 'load-failed', detail } })
    }
    if (selected?.key !== model.key) await parts.select(model)
    await runs.run(
      desk,
      (inUse) => (inUse.key === model.key ? planAgain(old, record, model, keepProbabilities) : null),
      (ended, { target }) => compare(desk, { old, record, target }, ended),
    )
  }

  function planAgain(old: Message, record: AnswerRecord, model: InstalledModel, keepProbabilities: boolean): Plan {
    const target = versionFrom(old, old.text.slice(0, record.startsAt), model)
    // A person stopped it: so many tokens, and no more, are to come again.
    const stoppedAfter = old.finish === 'stopped' ? (old.figures?.completionTokens ?? 0) : 0
    const maxTokens = stoppedAfter > 0 ? stoppedAfter : record.sampling.maxTokens
    return {
      added: [target],
      target,
      leafId: target.id,
      prompt: { kind: 'exact', prompt: record.prompt },
      sampling: {
        ...record.sampling,
        maxTokens,
        keepProbabilities: keepProbabilities || record.sampling.keepProbabilities,
      },
      ...documentEnd(target),
    }
  }

  function compare(
    desk: Desk,
    { old, record, target }: { readonly old: Message; readonly record: AnswerRecord; readonly target: Message },
    { text, problem, record: again }: Ended,
  ): void {
    if (problem !== null) return
    const isSame = old.finish === null ? text.startsWith(old.text) : text === old.text
    const fromCache = (record.cachedTokens ?? 0) > 0
    desk.store.setState({ repeated: { messageId: target.id, isSame, fromCache } })
    if (isSame && record.tokens === null && again?.tokens != null)
      void keeping.record(desk, { ...record, tokens: again.tokens })
  }

  async function branchAt(desk: Desk, messageId: string, index: number, alternative: TokenChoice): Promise<void> {
    const record = await parts.record(desk, messageId)
    const old = desk.store.getState().messages.get(messageId)
    if (record?.tokens == null || old === undefined || !asking.canAsk(desk)) return
    const before = record.tokens.slice(0, index).map(({ text }) => text)
    const start = old.text.slice(0, record.startsAt)
    const text = start + shown([...before, alternative.text].join(''), old, record)
    await runs.run(desk, (model) => planBranch(desk, model, old, start, text))
  }

  function planBranch(desk: Desk, model: InstalledModel, old: Message, start: string, text: string): Plan | null {
    const { variant } = model.manifest
    if (old.role === 'document' && variant !== 'base') return null
    const target = versionFrom(old, text, model)
    const begun = { ...target, text: start, written: target.written.filter(({ end }) => end <= start.length) }
    const { messages, chat } = desk.store.getState()
    const { settings } = chat
    const place = old.role === 'document' ? [target] : pathTo(messages, old.parentId)
    const replySoFar = old.role === 'document' ? {} : { replySoFar: text }
    return {
      added: [target],
      target,
      leafId: target.id,
      prompt: promptOf({ variant, template: model.manifest.prompt, settings, path: place, ...replySoFar }),
      sampling: asking.chosenSampling(desk, model),
      ...documentEnd(begun),
    }
  }

  /** Beside the message, with the beginning of its text. */
  function versionFrom(old: Message, text: string, model: InstalledModel): Message {
    const { chatId, parentId, scaffold } = old
    if (old.role !== 'document') return answerMessage(parts, { chatId, parentId }, writerOf(model), text)
    const written = old.written
      .map((stretch) => ({ ...stretch, end: Math.min(stretch.end, text.length) }))
      .filter(({ start, end }) => start < end)
    return { ...documentMessage(parts, { chatId, parentId }, { text, written, scaffold }), state: 'streaming' }
  }

  return { runAgain, branchAt }
}

function documentEnd(message: Message): Pick<Plan, 'ended'> {
  return message.role === 'document' ? { ended: (text) => writtenBehind(message, text) } : {}
}

/** A reply is shown without the gap that its first token brings. */
function shown(text: string, { role, text: whole }: Message, { startsAt, prompt }: AnswerRecord): string {
  if (role === 'document' || startsAt > 0 || prompt.kind === 'completion') return text
  return whole.startsWith(text) ? text : text.replace(/^\s+/, '')
}

// How the context would be used if what is in the composer were sent now: asked of the model when typing pauses.
import type { StoreApi } from 'zustand/vanilla'
import type { Message } from '../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import type { Engine } from '../../inference/engine.ts'
import type { InspectedPrompt, Prompt } from '../../inference/protocol.ts'
import type { ModelsState } from '../models.ts'
import type { ContextUse } from './api.ts'
import type { Desk } from './desk.ts'
import { userMessage } from './messages.ts'
import { promptOf, sentTurns } from './prompts.ts'
import { samplingOf } from './sampling.ts'
import { type After, delayed } from './timer.ts'

export interface MeterParts {
  readonly engine: Pick<Engine, 'inspect'>
  readonly models: StoreApi<ModelsState>
  readonly after: After
}

const measureAfterMs = 300
/** What is in the composer is no message yet. */
const noMaker = { newId: () => '', dateMs: () => 0 } as const

export function createContextMeter({ engine, models, after }: MeterParts) {
  /** Keeps `context` of a chat up to date until the function it gives is called. */
  function follow(desk: Desk): () => void {
    let asking = new AbortController()
    const measure = async () => {
      asking.abort()
      asking = new AbortController()
      const { signal } = asking
      const context = await measured(desk, signal)
      if (!signal.aborted) desk.store.setState({ context })
    }
    const timer = delayed(after, measureAfterMs, () => void measure())
    const ends = [
      desk.store.subscribe((state, before) => {
        const isSame =
          state.chat.draft === before.chat.draft &&
          state.chat.settings === before.chat.settings &&
          state.path === before.path &&
          state.document?.text === before.document?.text
        if (!isSame) timer.start()
      }),
      models.subscribe((state, before) => {
        if (state.selected !== before.selected || state.status.kind !== before.status.kind) timer.start()
      }),
      () => timer.cancel(),
      () => asking.abort(),
    ]
    timer.start()
    return () => {
      for (const end of ends) end()
    }
  }

  /** null while no model is ready, or where it cannot say. */
  async function measured(desk: Desk, signal: AbortSignal): Promise<ContextUse | null> {
    const { selected, status } = models.getState()
    if (selected === null || status.kind !== 'ready') return null
    const { maxTokens } = samplingOf(desk.store.getState().chat.settings, selected.manifest.variant, selected)
    try {
      const inspected = await engine.inspect(promptNow(desk, selected), maxTokens, signal)
      return contextUse(inspected, maxTokens, forgottenOf(desk, selected, inspected))
    } catch {
      return null
    }
  }

  async function inspect(desk: Desk, { template }: { readonly template: boolean }): Promise<InspectedPrompt | null> {
    const { selected, status } = models.getState()
    if (selected === null || status.kind !== 'ready') return null
    const { chat } = desk.store.getState()
    const { maxTokens } = samplingOf(chat.settings, selected.manifest.variant, selected)
    const prompt = template ? promptNow(desk, selected) : { kind: 'completion' as const, text: bareText(desk) }
    return engine.inspect(prompt, maxTokens, new AbortController().signal)
  }

  return { follow, inspect }
}

/** Nothing is left out by the person's wish to be told: how much there is must be seen all the same. */
function promptNow(desk: Desk, { manifest: { variant, prompt: template } }: InstalledModel): Prompt {
  const { chat, document } = desk.store.getState()
  const settings = { ...chat.settings, whenFull: 'forget' } as const
  if (document !== null) return { kind: 'completion', text: document.text }
  return promptOf({ variant, template, settings, path: withDraft(desk) })
}

function withDraft(desk: Desk): readonly Message[] {
  const { chat, path } = desk.store.getState()
  const { text, input } = chat.draft
  return [...path, userMessage(noMaker, { chatId: chat.id, parentId: null }, text.trim(), input.trim())]
}

function bareText(desk: Desk): string {
  const { chat, document } = desk.store.getState()
  return document?.text ?? chat.draft.text
}

/** Messages of the oldest turns, which the model leaves out, and the one of which it reads a part. */
function forgottenOf(
  desk: Desk,
  { manifest: { variant, prompt: template } }: InstalledModel,
  { omitted }: InspectedPrompt,
): Pick<ContextUse, 'forgotten' | 'cutId'> {
  const { chat, document } = desk.store.getState()
  if (document !== null || omitted.turns + omitted.characters === 0) return { forgotten: [], cutId: null }
  const turns = sentTurns({ variant, template, settings: chat.settings, path: withDraft(desk) })
  const idsOf = (some: typeof turns) => new Set(some.flatMap(({ messageIds }) => messageIds).filter((id) => id !== ''))
  const left = idsOf(turns.slice(0, omitted.turns))
  const kept = idsOf(turns.slice(omitted.turns))
  // A document in the form of a dialogue is several turns.
  const parted = [...left].find((id) => kept.has(id))
  const cut = omitted.characters > 0 ? turns[omitted.turns]?.messageIds[0] : undefined
  return { forgotten: [...left].filter((id) => !kept.has(id)), cutId: parted ?? cut ?? null }
}

function contextUse(
  { parts, contextTokens }: InspectedPrompt,
  maxTokens: number,
  left: Pick<ContextUse, 'forgotten' | 'cutId'>,
): ContextUse {
  return {
    systemTokens: parts.system,
    historyTokens: parts.history,
    draftTokens: parts.last,
    replyTokens: Math.min(maxTokens, Math.floor(contextTokens / 2)),
    contextTokens,
    ...left,
  }
}

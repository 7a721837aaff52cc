// What is really sent to the model: special tokens made harmless, fitted into the context, rendered in the model's template. The pieces are finished:
// web-llm only encodes them, one by one, behind the ids in front (loadedConvTemplate).
import type { ExactPrompt } from '../../shared/chats/types.ts'
import type { ModelManifest } from '../../shared/model.ts'
import { prefixTokenIds } from '../../shared/prompts/convTemplate.ts'
import { joinTurns } from '../../shared/prompts/joinTurns.ts'
import { neutralise } from '../../shared/prompts/neutralise.ts'
import { type RenderedTurns, renderPieces } from '../../shared/prompts/renderTurns.ts'
import { fitText, fitTurns, roomForPrompt } from './fitPrompt.ts'
import { InferenceError } from './inferenceError.ts'
import type { LoadedModel } from './loadModel.ts'
import type { Omitted, Prompt } from './protocol.ts'

type Piece = RenderedTurns['pieces'][number]

export interface PreparedPrompt extends RenderedTurns {
  readonly exact: ExactPrompt
  readonly promptTokens: number
  /** Of the last pieces: tokens of earlier parts of the last turn. */
  readonly gluedTokens: number
  readonly omitted: Omitted
  /** What comes reads on from text that stands there: the prompt's own, or the beginning of the reply. */
  readonly continues: boolean
}

const nothing: Omitted = { characters: 0, turns: 0 }

/** Throws InferenceError where the prompt does not fit: one message alone is too long, or something would have to be left out that may not. */
export function preparePrompt(
  { tokenizer, specials }: Pick<LoadedModel, 'tokenizer' | 'specials'>,
  manifest: ModelManifest,
  prompt: Prompt,
  maxTokens: number,
): PreparedPrompt {
  const countTokens = (text: string) => tokenizer.encode(text).length
  const prefixTokens = prefixTokenIds(manifest).length
  const budget = { contextTokens: manifest.contextTokens, maxTokens, prefixTokens }
  const limitTokens = roomForPrompt(budget)
  const full = (promptTokens: number) => new InferenceError({ code: 'context-full', promptTokens, limitTokens })

  if (prompt.kind === 'exact') {
    const prepared = asRecorded(manifest, prompt.prompt)
    const promptTokens = prepared.pieces.reduce((sum, { text }) => sum + countTokens(text), prefixTokens)
    if (promptTokens >= manifest.contextTokens)
      throw new InferenceError({ code: 'too-long', promptTokens, limitTokens })
    return { ...prepared, promptTokens, gluedTokens: 0, omitted: nothing }
  }
  if (prompt.kind === 'completion') {
    const safe = neutralise(prompt.text, specials)
    const { text, omittedCharacters } = fitText(safe, limitTokens - prefixTokens, countTokens)
    if (omittedCharacters > 0 && prompt.whenFull === 'stop') throw full(prefixTokens + countTokens(safe))
    return {
      ...asRecorded(manifest, { kind: 'completion', text }),
      promptTokens: prefixTokens + countTokens(text),
      gluedTokens: 0,
      omitted: { characters: omittedCharacters, turns: 0 },
    }
  }
  const safe = (text: string) => neutralise(text, specials)
  const turns = prompt.turns.map((turn) => ({ ...turn, text: safe(turn.text) }))
  const around = {
    systemText: prompt.systemText === undefined ? undefined : safe(prompt.systemText),
    replySoFar: safe(prompt.replySoFar ?? ''),
  }
  const fitted = fitTurns(manifest.prompt, turns, budget, countTokens, around, prompt.sendsEarlierTurns)
  if (fitted.kind === 'too-long') {
    throw new InferenceError({ code: 'too-long', promptTokens: fitted.promptTokens, limitTokens })
  }
  const omitted = { characters: fitted.omittedCharacters, turns: fitted.omittedTurns }
  if (omitted.turns + omitted.characters > 0 && prompt.whenFull === 'stop') throw full(fitted.wholeTokens)
  const rendered = renderPieces(manifest.prompt, joinTurns(fitted.turns), around)
  return {
    ...rendered,
    exact: { kind: 'turns', pieces: rendered.pieces.map(({ role, text }) => ({ role, text })) },
    promptTokens: fitted.promptTokens,
    gluedTokens: fitted.gluedTokens,
    omitted,
    continues: around.replySoFar !== '',
  }
}

/** A prompt that is ready to be sent. */
function asRecorded(
  { prompt }: ModelManifest,
  exact: ExactPrompt,
): Omit<PreparedPrompt, 'promptTokens' | 'gluedTokens' | 'omitted'> {
  if (exact.kind === 'completion') {
    const pieces: readonly Piece[] = [{ role: 'user', text: exact.text }]
    return { exact, pieces, systemLead: '', lastPieces: 1, continues: exact.text !== '' }
  }
  const begun = exact.pieces.length - 1 - exact.pieces.findLastIndex(({ role }) => role === 'user')
  const opensApart = prompt.kind === 'turns' && prompt.dialogue === undefined && begun === 0
  const lastPieces = opensApart ? 2 : 1 + begun
  return {
    exact,
    pieces: exact.pieces,
    systemLead: '',
    lastPieces,
    continues: exact.pieces.at(-1)?.role === 'assistant',
  }
}

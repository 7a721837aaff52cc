// What is really sent to the model: special tokens made harmless, fitted into the context, BOS in front of a text, the turns of a dialogue rendered.
import type { ModelManifest } from '../../shared/model.ts'
import { prefixTokenIds } from '../../shared/prompts/convTemplate.ts'
import { neutralise } from '../../shared/prompts/neutralise.ts'
import { messagesFor } from '../../shared/prompts/renderTurns.ts'
import { fitText, fitTurns, promptLimit } from './fitPrompt.ts'
import { InferenceError } from './inferenceError.ts'
import type { LoadedModel } from './loadModel.ts'
import type { Omitted, Prompt } from './protocol.ts'

export interface PreparedPrompt {
  readonly prompt: Prompt
  readonly promptTokens: number
  readonly omitted: Omitted
}

/** Throws InferenceError where one message alone is longer than the model reads. */
export function preparePrompt(
  { tokenizer, specials, bosText }: Pick<LoadedModel, 'tokenizer' | 'specials' | 'bosText'>,
  manifest: ModelManifest,
  prompt: Prompt,
  maxTokens: number,
): PreparedPrompt {
  const countTokens = (text: string) => tokenizer.encode(text).length
  const prefixTokens = prefixTokenIds(manifest).length
  const budget = { contextTokens: manifest.contextTokens, maxTokens, prefixTokens }
  if (prompt.kind === 'completion') {
    const safe = neutralise(prompt.text, specials)
    const { text, omittedCharacters } = fitText(safe, promptLimit(budget), countTokens)
    return {
      prompt: { kind: 'completion', text: bosText + text },
      promptTokens: prefixTokens + countTokens(text),
      omitted: { characters: omittedCharacters, turns: 0 },
    }
  }
  const safe = prompt.turns.map(({ role, text }) => ({ role, text: neutralise(text, specials) }))
  const fitted = fitTurns(manifest.prompt, safe, budget, countTokens)
  if (fitted.kind === 'too-long') {
    const limitTokens = promptLimit(budget)
    throw new InferenceError({ code: 'too-long', promptTokens: fitted.promptTokens, limitTokens })
  }
  return {
    prompt: { kind: 'turns', turns: messagesFor(manifest.prompt, fitted.turns) },
    promptTokens: fitted.promptTokens,
    omitted: { characters: 0, turns: fitted.omittedTurns },
  }
}

// A prepared prompt as the model reads it: token by token, with what each is written as, counted by part.
import type { ModelManifest } from '../../shared/model.ts'
import { prefixTokenIds } from '../../shared/prompts/convTemplate.ts'
import { roomForPrompt } from './fitPrompt.ts'
import type { LoadedModel } from './loadModel.ts'
import { type PreparedPrompt, preparePrompt } from './preparePrompt.ts'
import type { InspectedPrompt, Prompt } from './protocol.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Throws InferenceError where nothing would be sent. */
export function inspectPrompt(
  loaded: Pick<LoadedModel, 'tokenizer' | 'specials' | 'textOf'>,
  manifest: ModelManifest,
  prompt: Prompt,
  maxTokens: number,
): InspectedPrompt {
  const { tokenizer, specials, textOf } = loaded
  const prepared = preparePrompt(loaded, manifest, prompt, maxTokens)
  const prefix = prefixTokenIds(manifest)
  const pieces = prepared.pieces.map(({ text }) => Array.from(tokenizer.encode(text)))
  const special = new Set([...specials, ...prefix.map((id) => tokenizer.idToToken(id))])
  const { contextTokens } = manifest
  return {
    tokens: [...prefix, ...pieces.flat()].map((id) => {
      const token = tokenizer.idToToken(id)
      return { id, text: textOf(id), isSpecial: special.has(token) || prefix.includes(id) }
    }),
    parts: partsOf(tokenizer, prepared, prefix.length, pieces),
    omitted: prepared.omitted,
    limitTokens: roomForPrompt({ contextTokens, maxTokens, prefixTokens: prefix.length }),
    contextTokens,
  }
}

/** Ids in front count to the first part there is. A token across the end of the system text counts to what follows. */
function partsOf(
  tokenizer: Tokenizer,
  { systemLead, lastPieces, gluedTokens }: PreparedPrompt,
  prefixTokens: number,
  pieces: readonly (readonly number[])[],
): InspectedPrompt['parts'] {
  const total = (some: readonly (readonly number[])[]) => some.reduce((sum, { length }) => sum + length, 0)
  const first = pieces[0] ?? []
  const system = systemLead === '' ? 0 : commonLength(Array.from(tokenizer.encode(systemLead)), first)
  const last = total(pieces.slice(-lastPieces)) - gluedTokens
  const history = total(pieces) - last
  const lastIsFirst = pieces.length <= lastPieces
  const parts = {
    system,
    history: lastIsFirst ? history : history - system,
    last: lastIsFirst ? last - system : last,
  }
  const front = systemLead !== '' ? 'system' : lastIsFirst ? 'last' : 'history'
  return { ...parts, [front]: parts[front] + prefixTokens }
}

function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, index) => id !== b[index])
  return differs < 0 ? a.length : differs
}

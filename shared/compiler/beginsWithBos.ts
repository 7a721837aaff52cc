// Whether a checkpoint's own tokenizer puts BOS in front of a text. Its configuration names a BOS id either way: Pythia, Falcon and MPT have one and were
// trained without it in front.
import type { DecoderSpec } from './architectures/spec.ts'
import { type Fields, own } from './checkpoint/config.ts'
import type { TokenizerTraits } from './tokenizer/validate.ts'

interface Question {
  readonly spec: Pick<DecoderSpec, 'bosTokenId' | 'modelType'>
  /** tokenizer_config.json, empty without one. */
  readonly config: Fields
  readonly tokenizerJson: unknown
  readonly traits: TokenizerTraits
}

/** By what is said outright, then by the post-processor of the tokenizer, then by its kind. */
export function beginsWithBos({ spec, config, tokenizerJson, traits }: Question): boolean {
  if (spec.bosTokenId === null) return false
  const said = own(config, 'add_bos_token')
  if (typeof said === 'boolean') return said
  const processor = own(tokenizerJson as Fields, 'post_processor')
  if (isRecord(processor)) return startsWithToken(processor, spec.bosTokenId)
  const kind = own(config, 'tokenizer_class')
  if (typeof kind === 'string' && !/^(Llama|CodeLlama)/.test(kind)) return spec.modelType === 'opt'
  // SentencePiece's users (Llama and kin) put it in front, byte-level ones do not, OPT apart.
  return traits.postProcessing === 'byte_level' ? spec.modelType === 'opt' : true
}

/** `TemplateProcessing` whose single text begins with the token, alone or among the steps of a `Sequence`. */
function startsWithToken(processor: Fields, id: number): boolean {
  const steps = own(processor, 'processors')
  if (Array.isArray(steps)) return steps.some((step: unknown) => isRecord(step) && startsWithToken(step, id))
  const single = own(processor, 'single')
  const [first]: readonly unknown[] = Array.isArray(single) ? single : []
  const token = isRecord(first) ? own(first, 'SpecialToken') : undefined
  const name = isRecord(token) ? own(token, 'id') : undefined
  const tokens = own(processor, 'special_tokens')
  const entry = isRecord(tokens) && typeof name === 'string' ? own(tokens, name) : undefined
  const ids: unknown = isRecord(entry) ? own(entry, 'ids') : undefined
  return Array.isArray(ids) && ids[0] === id
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

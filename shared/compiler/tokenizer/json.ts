// The parts of a tokenizer.json that the readers write. Field names and their order are the format's own (huggingface/tokenizers).

/** Text that is one token wherever it stands; it is found before anything else is done to the text. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly single_word: boolean
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly normalized: boolean
  readonly special: boolean
}

/** A step of a normalizer, pre-tokenizer or decoder. */
export interface Step {
  readonly type: string
  readonly [field: string]: unknown
}

export interface BpeModel {
  readonly type: 'BPE'
  readonly dropout: null
  readonly unk_token: string | null
  readonly continuing_subword_prefix: null
  readonly end_of_word_suffix: null
  readonly fuse_unk: boolean
  readonly byte_fallback: boolean
  /** A piece of text that is a token as a whole is not cut further, whatever the merges say. */
  readonly ignore_merges?: boolean
  readonly vocab: Readonly<Record<string, number>>
  readonly merges: readonly string[]
}

export interface UnigramModel {
  readonly type: 'Unigram'
  readonly unk_id: number
  readonly vocab: readonly (readonly [string, number])[]
  readonly byte_fallback: boolean
}

export interface TokenizerJson {
  readonly version: '1.0'
  readonly truncation: null
  readonly padding: null
  readonly added_tokens: readonly AddedToken[]
  readonly normalizer: Step | null
  readonly pre_tokenizer: Step | null
  readonly post_processor: null
  readonly decoder: Step
  readonly model: BpeModel | UnigramModel
}

/** An added token that is matched exactly as it is written. */
export function addedToken(id: number, content: string, special = true): AddedToken {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special }
}

/** One step as it is, several as a Sequence under the name its kind of step gives the list, none as null. */
export function inSequence(steps: readonly Step[], list: 'normalizers' | 'pretokenizers' | 'decoders'): Step | null {
  const [first] = steps
  if (first === undefined) return null
  return steps.length === 1 ? first : { type: 'Sequence', [list]: steps }
}

/** The vocabulary as an object that has no name of its own: `__proto__` and `constructor` are tokens like others. */
export function vocabObject(tokens: Iterable<readonly [string, number]>): Record<string, number> {
  return Object.fromEntries([...tokens].sort((a, b) => a[1] - b[1]))
}

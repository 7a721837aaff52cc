// What the catalogue says about families, their variants and the data they learned from. Facts, not advice: a licence is to be read at its source.
import type { WeightFormat } from '../compiler/kernels/target.ts'
import type { Variant as VariantKind } from '../model.ts'

export interface Family {
  readonly id: string
  readonly name: string
  readonly developer: string
  /** `2023-05`, or words where its members came in different months. */
  readonly released: string
  /** pretrained: its base models were trained from nothing. not-open: there is nothing to download. */
  readonly kind: 'pretrained' | 'fine-tune' | 'not-open'
  readonly notes: readonly string[]
  /** Names of the fields above that no source confirmed. */
  readonly unconfirmed: readonly string[]
  /** Keys of `sourceTexts`. */
  readonly sources: readonly string[]
  readonly variants: readonly CatalogVariant[]
}

export type CommercialUse = 'yes' | 'conditional' | 'no'

/** One published checkpoint. */
export interface CatalogVariant {
  readonly id: string
  /** publisher/name on the Hub. */
  readonly repository: string
  readonly kind: VariantKind
  /** Base, instruct and chat members of one size and release share it: what a person switches between. */
  readonly line: string
  readonly parameters: number | null
  /** Tokens that it was trained to read. */
  readonly contextTokens: number
  readonly licence: string
  readonly commercialUse: CommercialUse
  /** The condition, in half a sentence. */
  readonly commercialNote: string | null
  /** Tokens of its pretraining; null where they are its base's or were not told. */
  readonly trainingTokens: number | null
  readonly methods: readonly MethodId[]
  readonly datasets: readonly string[]
  readonly preferenceDatasets: readonly string[]
  readonly parents: readonly Parent[]
  /** Form of the weights in the repository. difference: of use only together with the base. none: no repository. */
  readonly weights: 'safetensors' | 'pytorch' | 'difference' | 'none' | 'unknown'
  /** The publisher wants its terms accepted before it gives out files. */
  readonly isGated: boolean
  /** Repositories with weights that need no compiling of weights. */
  readonly ready: readonly ReadyWeights[]
  readonly notes: readonly string[]
  readonly unconfirmed: readonly string[]
  /** Index into the configurations; null where none is known. */
  readonly config: number | null
}

export interface Parent {
  /** Id of a variant. */
  readonly variant: string
  readonly relation: Relation
}

/**
 * continued: pretraining went on. fine-tune: learned from examples. adapter: learned as a small addition, then added in. preference-tune: learned from
 * comparisons of answers. merge: weights of several models combined.
 */
export type Relation = 'continued' | 'fine-tune' | 'adapter' | 'preference-tune' | 'merge'

/** Weights in MLC's form: a library is still made here. */
export interface ReadyWeights {
  readonly format: WeightFormat
  readonly repository: string
}

/** A model of web-llm's list whose original is not in the catalogue. */
export interface ReadyModel {
  readonly name: string
  readonly kind: VariantKind
  readonly weights: readonly ReadyWeights[]
}

export interface Dataset {
  readonly id: string
  readonly name: string
  readonly publisher: string
  readonly released: string
  readonly kind: 'pretraining' | 'instruction' | 'chat' | 'preference'
  readonly madeBy: 'people' | 'models' | 'both' | 'collected'
  /** The same in words. */
  readonly how: string
  readonly size: string | null
  readonly licence: string | null
  /** publisher/name on the Hub. */
  readonly repository: string | null
  /** Ids of other sets that it was made from. */
  readonly derivedFrom: readonly string[]
  readonly notes: readonly string[]
  readonly unconfirmed: readonly string[]
}

export type MethodId =
  | 'pretraining'
  | 'instruction-fine-tuning'
  | 'chat-fine-tuning'
  | 'distillation'
  | 'qlora'
  | 'c-rlft'
  | 'feedback-bootstrap'
  | 'rlhf'
  | 'rlaif'
  | 'dpo'

export type WordCategory =
  | 'family'
  | 'model'
  | 'maker'
  | 'person'
  | 'variant'
  | 'method'
  | 'data'
  | 'merge'
  | 'form'
  | 'quantization'
  | 'size'
  | 'context'
  | 'version'
  | 'style'
  | 'ambiguous'
  | 'unknown'

/** Words of model names that mean the same. */
export interface NameWord {
  readonly words: readonly string[]
  readonly category: WordCategory
  readonly meaning: string
  /** Word -> the family it stands for, where it stands for one. */
  readonly families: Readonly<Record<string, string>>
}

// One type for every decoder architecture: plain fields that say what a layer computes. An architecture file turns config.json into this and names
// the checkpoint's tensors; graph and kernels read only this and never an architecture's name.

export interface DecoderSpec {
  /** MLC's model_type, for metadata only. */
  readonly modelType: string
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
  readonly vocabularySize: number
  /** max_position_embeddings. */
  readonly contextTokens: number
  /** The window counts the current token; null = full attention. */
  readonly slidingWindowTokens: number | null
  readonly norm: { readonly kind: 'rms'; readonly epsilon: number }
  readonly position: {
    readonly kind: 'rope'
    readonly theta: number
    readonly scaling: { readonly kind: 'none' } | { readonly kind: 'linear'; readonly factor: number }
  }
  readonly activation: 'silu'
  readonly tiedHead: boolean
  readonly biases: { readonly qkv: boolean; readonly attentionOutput: boolean; readonly mlp: boolean }
  readonly bosTokenId: number | null
  readonly eosTokenIds: readonly number[]
}

/** One tensor of the model, made from one or more checkpoint tensors stacked along rows (axis 0) in the order given. */
export interface WeightRule {
  /** MLC's name without the .q_weight / .q_scale ending: `model.layers.0.self_attn.qkv_proj.weight`. */
  readonly name: string
  /** matrix: [rows, columns], quantized in the q4 formats. vector: [rows], kept as float. */
  readonly kind: 'matrix' | 'vector'
  readonly shape: readonly number[]
  readonly sources: readonly { readonly tensor: string; readonly shape: readonly number[] }[]
}

export interface Architecture {
  /** Values of config.json's model_type this file serves. */
  readonly modelTypes: readonly string[]
  /** Reads config.json (already parsed). Throws CompileError naming the field on anything missing, out of range or unsupported. */
  readonly spec: (config: unknown) => DecoderSpec
  /** Every tensor the model needs, in the order in which it is written. */
  readonly weights: (spec: DecoderSpec) => readonly WeightRule[]
  /** Checkpoint tensors that carry nothing (stored rotary tables, a copy of a tied head); any other unknown name is an error. */
  readonly ignorable: (spec: DecoderSpec) => readonly RegExp[]
}

/** A stored parameter: what a weight rule becomes in a weight format. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'uint32' | 'float16' | 'float32'
}

// One type for every decoder architecture: plain fields that say what a layer computes and what its tensors are called. An architecture file turns
// config.json into this; graph, kernels and quantizers read only this and never an architecture's name.

export interface DecoderSpec {
  /** MLC's model_type, for metadata only. */
  readonly modelType: string
  /** Width of the residual stream; a multiple of 4. */
  readonly hiddenSize: number
  /** Rows of the embedding and of the head. */
  readonly vocabularySize: number
  /** Positions the model was trained for. */
  readonly contextTokens: number
  /** The window counts the current token; null = full attention. */
  readonly slidingWindowTokens: number | null
  /** Absent where every token sees those before it only. Not together with a window. */
  readonly prefix?: PrefixSpec
  readonly embedding: EmbeddingSpec
  readonly layers: readonly LayerSpec[]
  readonly head: HeadSpec
  readonly bosTokenId: number | null
  readonly eosTokenIds: readonly number[]
}

/**
 * A prompt that is read as a whole (GLM, Du et al. 2022, arXiv:2103.10360): all tokens before the first start token see each other, both ways; from it
 * on, each sees those before it. A conversation without a start token is all prefix. Positions are pairs of numbers: [index, 0] in the prefix, from
 * the start token on [index of the mask, 1], [index of the mask, 2] and so forth. The mask is the prefix's first token of the first of maskTokenIds
 * that it has, or its last token where it has none.
 */
export interface PrefixSpec {
  readonly startTokenId: number
  readonly maskTokenIds: readonly number[]
}

/** Tensors `<name>.weight` [outputs, inputs] and, with a bias, `<name>.bias` [outputs]. */
export interface LinearSpec {
  readonly name: string
  readonly bias: boolean
}

/**
 * Normalises the last axis; tensors `<name>.weight` and `<name>.bias` where there are such.
 * - rms: x / sqrt(mean(x^2) + epsilon), or with `epsilonOutsideRoot` x / (sqrt(mean(x^2)) + epsilon)
 * - layer: (x - mean) / sqrt(variance + epsilon)
 */
export interface NormSpec {
  readonly kind: 'rms' | 'layer'
  readonly name: string
  readonly epsilon: number
  readonly epsilonOutsideRoot: boolean
  readonly weight: boolean
  readonly bias: boolean
}

/** x = norm(projection(table[id]) + positions[position + offset]), each step where there is such. */
export interface EmbeddingSpec {
  /** Tensor `<name>.weight` [vocabulary, size], a matrix. */
  readonly name: string
  /** Columns of the table: hiddenSize unless there is a projection. */
  readonly size: number
  readonly projection: LinearSpec | null
  /** Learned positions: tensor `<name>.weight` [rows, hiddenSize], never quantized. */
  readonly positions: { readonly name: string; readonly rows: number; readonly offset: number } | null
  readonly norm: NormSpec | null
}

/** logits = scale * (projection(norm(x)) W^T + bias), W the embedding's table when tied. */
export interface HeadSpec {
  readonly norm: NormSpec | null
  /** hiddenSize -> embedding.size. */
  readonly projection: LinearSpec | null
  readonly tied: boolean
  /** Name of the matrix and of its bias. A tied head has the embedding's name and no bias. */
  readonly linear: LinearSpec
  readonly scale: number
}

/**
 * How the two halves of a layer meet the residual stream x; mix = mixer, ff = feed-forward, n1 = mixerNorm, n2 = feedForwardNorm.
 * - serial: x += mix(n1(x)); x += ff(n2(x))
 * - parallel: x += mix(n1(x)) + ff(n2(x)); one norm for both has the same name twice
 * - postNorm: x = n1(x + mix(x)); x = n2(x + ff(x))
 * - normedResidual: h = n1(x); x = residualScale * h + mix(h); h = n2(x); x = residualScale * h + ff(h)
 */
export interface LayerSpec {
  readonly arrangement: 'serial' | 'parallel' | 'postNorm' | 'normedResidual'
  /** 1 except with normedResidual. */
  readonly residualScale: number
  readonly mixerNorm: NormSpec
  readonly mixer: MixerSpec
  /** null together with feedForward. */
  readonly feedForwardNorm: NormSpec | null
  readonly feedForward: FeedForwardSpec | null
}

export type MixerSpec = AttentionSpec | MambaSpec | HyenaSpec

/**
 * softmax(scale * q . k + alibiSlopes[h] * (key position - query position)) v over the keys a query sees; with alibiRounding bfloat16
 * softmax(scale * (q . k + bfloat16(alibiSlopes[h] * bfloat16(key position)))) v, as Falcon's published code computes.
 */
export interface AttentionSpec {
  readonly kind: 'attention'
  readonly heads: number
  /** Divides heads. */
  readonly kvHeads: number
  /** A multiple of 4, at most 256. */
  readonly headSize: number
  /** hiddenSize -> (heads + 2 kvHeads) * headSize; rows are all queries, then all keys, then all values. */
  readonly qkv: LinearSpec
  /** heads * headSize -> hiddenSize */
  readonly output: LinearSpec
  readonly scale: number
  readonly rope: RopeSpec | null
  /** One per head, positive; null = no ALiBi (Press et al. 2021, arXiv:2108.12409). */
  readonly alibiSlopes: readonly number[] | null
  readonly alibiRounding: 'none' | 'bfloat16'
  /** Queries, keys and values are clamped to -clip..clip; null = not. */
  readonly clip: number | null
}

/**
 * Rotary positions (Su et al. 2021, arXiv:2104.09864) of the first `size` elements of a head: pair p turns by position * theta^(-2p / size).
 * halves: elements p and p + size / 2 make a pair (GPT-NeoX, Llama); neighbours: 2p and 2p + 1 (GPT-J, ChatGLM2). With two planes, those turn by
 * the first number of a position and the next `size` elements in the same way by the second (PrefixSpec).
 */
export interface RopeSpec {
  readonly theta: number
  readonly size: number
  readonly planes?: 2
  readonly pairing: 'halves' | 'neighbours'
  readonly scaling: RopeScaling
}

/**
 * How a rotation is stretched for a longer context. linear: positions are divided by the factor. llama3: frequencies of waves longer than
 * originalContextTokens / lowFrequencyFactor are divided by it, those of waves shorter than originalContextTokens / highFrequencyFactor are kept, and
 * between the two the share goes over evenly (Llama 3.1; huggingface/transformers modeling_rope_utils.py).
 */
export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      readonly originalContextTokens: number
    }

/**
 * Selective state space (Gu and Dao 2023, arXiv:2312.00752). Per channel, with [x, gate] = inProjection(input), u = silu(convolution(x)),
 * [t, B, C] = xProjection(u) and d = softplus(timeStepProjection(t)): state = exp(d A) state + d u B; output((C . state + skip u) silu(gate)).
 * Vectors and tables are never quantized.
 */
export interface MambaSpec {
  readonly kind: 'mamba'
  readonly innerSize: number
  readonly stateSize: number
  readonly convolutionSize: number
  readonly timeStepRank: number
  /** hiddenSize -> 2 * innerSize: x, then gate. */
  readonly inProjection: LinearSpec
  /** `<name>.weight` [innerSize, convolutionSize], `<name>.bias` [innerSize]. */
  readonly convolution: LinearSpec
  /** innerSize -> timeStepRank + 2 * stateSize: time step, B, C. */
  readonly xProjection: LinearSpec
  /** timeStepRank -> innerSize, its bias inside the softplus. Quantized only where timeStepRank is a multiple of 32. */
  readonly timeStepProjection: LinearSpec
  /** Tensor name, [innerSize, stateSize], float32: A = -exp(it). */
  readonly logA: string
  /** Tensor name, [innerSize]. */
  readonly skip: string
  /** innerSize -> hiddenSize */
  readonly output: LinearSpec
}

/**
 * Hyena filter as poles and residues (Massaroli et al. 2023, arXiv:2310.18780; togethercomputer/stripedhyena). Per channel, with [a, b, v] the short
 * filter of projection(input): state = poles state + b v; output(a (Re(residues . state) + skip b v)). Filters are never quantized.
 */
export interface HyenaSpec {
  readonly kind: 'hyena'
  /** hiddenSize -> 3 * hiddenSize: all of a, all of b, all of v. */
  readonly projection: LinearSpec
  /** The checkpoint has the rows of projection and short filter in so many groups, each with its own a, b and v. Only weight rules read it. */
  readonly storedGroups: number
  /** Tensor names: [3 * hiddenSize, shortFilterSize] and [3 * hiddenSize]. */
  readonly shortFilterWeight: string
  readonly shortFilterBias: string | null
  readonly shortFilterSize: number
  /** Tensor names: complex numbers as (real, imaginary), [hiddenSize, stateSize, 2], float32. */
  readonly poles: string
  readonly residues: string
  /** Tensor name, [hiddenSize]. */
  readonly skip: string
  readonly stateSize: number
  /** hiddenSize -> hiddenSize */
  readonly output: LinearSpec
}

/** geluTanh is GELU's approximation by tanh (Hendrycks and Gimpel 2016, arXiv:1606.08415); the two differ by more than our tolerance. */
export type Activation = 'silu' | 'relu' | 'gelu' | 'geluTanh'

/**
 * - plain: down(activation(up(x)))
 * - gated: down(activation(g) * u), [g, u] the halves of gateUp(x), or [u, g] where the gate is second
 * - experts: the router's `chosen` best of `count` gated experts, weighed by the softmax over those chosen (Jiang et al. 2024, arXiv:2401.04088);
 *   `<gateUp>.weight` [count, 2 * size, hiddenSize], `<down>.weight` [count, hiddenSize, size]; the router is never quantized
 */
export type FeedForwardSpec =
  | {
      readonly kind: 'plain'
      readonly size: number
      readonly activation: Activation
      readonly up: LinearSpec
      readonly down: LinearSpec
    }
  | {
      readonly kind: 'gated'
      readonly size: number
      readonly activation: Activation
      readonly gate: 'first' | 'second'
      readonly gateUp: LinearSpec
      readonly down: LinearSpec
    }
  | {
      readonly kind: 'experts'
      readonly size: number
      readonly activation: Activation
      readonly count: number
      readonly chosen: number
      readonly router: string
      readonly gateUp: string
      readonly down: string
    }

/**
 * A tensor of the model. matrix: [..., rows, columns], quantized in the q4 formats. float: any shape, kept as the format's float type. float32: float32
 * in every format, for what a recurrence multiplies its state with at each token (a pole of 0.9999 is 1 in float16).
 */
export interface ModelTensor {
  /** MLC's name where MLC has the architecture: `model.layers.0.self_attn.qkv_proj.weight`. */
  readonly name: string
  readonly kind: 'matrix' | 'float' | 'float32'
  readonly shape: readonly number[]
}

/** A tensor of a checkpoint, or some rows (axis 0) of it. */
export interface WeightSource {
  readonly tensor: string
  /** Other names it goes by (with and without a prefix), tried in order when `tensor` is not there. */
  readonly aliases?: readonly string[]
  /** Shape in the checkpoint. */
  readonly shape: readonly number[]
  /** Rows taken, in this order; all of them when absent. Of the turned-over matrix where it is transposed. */
  readonly rows?: readonly RowRange[]
  /** Stored as [inputs, outputs]: turned over when read. */
  readonly transposed?: true
}

export type RowRange = readonly [start: number, count: number]

/** One tensor of the model and where its values come from: the sources' rows stacked in the order given, reshaped to `shape`. */
export interface WeightRule extends ModelTensor {
  readonly sources: readonly WeightSource[]
}

export interface Architecture {
  /** Values of config.json's model_type this file serves. */
  readonly modelTypes: readonly string[]
  /** Further condition, where a model_type is shared by several or missing. */
  readonly recognises?: (config: Readonly<Record<string, unknown>>) => boolean
  /** Reads config.json (already parsed). Throws CompileError naming the field on anything missing, out of range or unsupported. */
  readonly spec: (config: unknown) => DecoderSpec
  /** Every tensor the model needs, in the order in which it is written. */
  readonly weights: (spec: DecoderSpec) => readonly WeightRule[]
  /** Checkpoint tensors that carry nothing (stored rotary tables, a copy of a tied head); any other unknown name is an error. */
  readonly ignorable: (spec: DecoderSpec) => readonly RegExp[]
}

/** A stored parameter: what a tensor becomes in a weight format. */
export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'uint32' | 'float16' | 'float32'
}

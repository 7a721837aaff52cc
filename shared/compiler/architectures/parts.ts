// What architecture files are made of: bounded fields of config.json, the parts of a spec with their usual values, and the usual ways in which
// checkpoints store a fused tensor.
import { CompileError } from '../../errors.ts'
import {
  configFields,
  configFile,
  type Fields,
  integerField,
  own,
  type Range,
  tokenIdsField,
} from '../checkpoint/config.ts'
import type {
  AttentionSpec,
  DecoderSpec,
  HeadSpec,
  LinearSpec,
  ModelTensor,
  NormSpec,
  RowRange,
  WeightSource,
} from './spec.ts'

/** Bounds that no real model reaches and that keep every size of a plan a safe integer. */
export const limits = {
  layers: { minimum: 1, maximum: 1024 },
  width: { minimum: 4, maximum: 131_072 },
  heads: { minimum: 1, maximum: 1024 },
  headSize: { minimum: 4, maximum: 256 },
  experts: { minimum: 1, maximum: 64 },
  vocabulary: { minimum: 1, maximum: 4_194_304 },
  context: { minimum: 1, maximum: 16_777_216 },
  epsilon: { minimum: 1e-12, maximum: 0.1 },
  theta: { minimum: 1, maximum: 1e12 },
} as const satisfies Readonly<Record<string, Range>>

/** Every width is read as vec4 by the kernels. */
const widthMultiple = 4

/** config.json as an object; throws when its weights are quantized already. */
export function decoderFields(config: unknown): Fields {
  const fields = configFields(config)
  if (own(fields, 'quantization_config') != null)
    throw new CompileError(
      configFile,
      'quantization_config',
      'the weights are already quantized, expected F32, F16 or BF16',
    )
  return fields
}

/** A width: a multiple of 4. */
export function widthField(fields: Fields, name: string, whenAbsent?: number): number {
  const width = integerField(fields, name, limits.width, whenAbsent)
  if (width % widthMultiple !== 0)
    throw new CompileError(configFile, name, `${width} is not a multiple of ${widthMultiple}`)
  return width
}

/** Elements of a head: the field where it is given, otherwise hiddenSize / heads. `headsName` is blamed for an impossible quotient. */
export function headSizeOf(
  fields: Fields,
  { hiddenSize, heads, field, headsName }: { hiddenSize: number; heads: number; field?: string; headsName: string },
): number {
  const given = field !== undefined && own(fields, field) != null
  if (!given && hiddenSize % heads !== 0)
    throw new CompileError(configFile, headsName, `${heads} does not divide a hidden size of ${hiddenSize}`)
  const headSize = integerField(given ? fields : {}, field ?? headsName, limits.headSize, hiddenSize / heads)
  if (headSize % widthMultiple !== 0)
    throw new CompileError(
      configFile,
      given ? field : headsName,
      `heads of ${headSize}, not a multiple of ${widthMultiple}`,
    )
  return headSize
}

/** KV heads; as many as heads when the field is absent. Throws unless they divide the heads. */
export function kvHeadsField(fields: Fields, name: string, heads: number): number {
  const kvHeads = integerField(fields, name, limits.heads, heads)
  if (heads % kvHeads !== 0) throw new CompileError(configFile, name, `${kvHeads} does not divide ${heads} heads`)
  return kvHeads
}

/** bos_token_id and eos_token_id. */
export function specialTokens(fields: Fields, vocabularySize: number): Pick<DecoderSpec, 'bosTokenId' | 'eosTokenIds'> {
  return {
    bosTokenId: tokenIdsField(fields, 'bos_token_id', vocabularySize)[0] ?? null,
    eosTokenIds: tokenIdsField(fields, 'eos_token_id', vocabularySize),
  }
}

export function linear(name: string, bias = false): LinearSpec {
  return { name, bias }
}

export function rmsNorm(name: string, epsilon: number): NormSpec {
  return { kind: 'rms', name, epsilon, epsilonOutsideRoot: false, weight: true, bias: false }
}

export function layerNorm(name: string, epsilon: number, { weight = true, bias = true } = {}): NormSpec {
  return { kind: 'layer', name, epsilon, epsilonOutsideRoot: false, weight, bias }
}

/** Attention with the usual scale 1 / sqrt(headSize) and nothing else unless given. */
export function attention(
  parts: Pick<AttentionSpec, 'heads' | 'kvHeads' | 'headSize' | 'qkv' | 'output'> & Partial<AttentionSpec>,
): AttentionSpec {
  return {
    kind: 'attention',
    scale: 1 / Math.sqrt(parts.headSize),
    rope: null,
    alibiSlopes: null,
    alibiRounding: 'none',
    clip: null,
    ...parts,
  }
}

/**
 * One slope per head (Press et al. 2021, arXiv:2108.12409): 2^(-max/n), 2^(-2 max/n), ... for n heads, n a power of 2; the heads beyond a power of 2
 * take every other slope of twice as many, as BLOOM, Falcon and MPT do. The steepest exponent, `maximum`, is MPT's to choose.
 */
export function alibiSlopes(heads: number, { maximum = 8 } = {}): readonly number[] {
  const powerOfTwo = 2 ** Math.floor(Math.log2(heads))
  return each(heads, (head) => {
    const exponent = head < powerOfTwo ? (head + 1) / powerOfTwo : (2 * (head - powerOfTwo) + 1) / (2 * powerOfTwo)
    return 2 ** (-maximum * exponent)
  })
}

/** An embedding table without projection, positions and norm unless given. */
export function embedding(
  name: string,
  size: number,
  parts: Partial<DecoderSpec['embedding']> = {},
): DecoderSpec['embedding'] {
  return { name, size, projection: null, positions: null, norm: null, ...parts }
}

export function head(
  norm: NormSpec | null,
  tied: boolean,
  output: LinearSpec,
  parts: Partial<HeadSpec> = {},
): HeadSpec {
  return { norm, projection: null, tied, linear: output, scale: 1, ...parts }
}

/** `count` things, one per index. */
export function each<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

/** A fused tensor stored as several: `parts` are names (of weight or bias) with their rows. */
export function stacked(
  tensor: ModelTensor,
  parts: readonly (readonly [name: string, rows: number])[],
): readonly WeightSource[] {
  const [, ...rest] = tensor.shape
  return parts.map(([name, rows]) => ({ tensor: name, shape: [rows, ...rest] }))
}

/**
 * Rows of a query_key_value tensor stored KV head by KV head (its queries, its key, its value), in the order all queries, all keys, all values:
 * GPT-NeoX, BLOOM, Falcon, GLM.
 */
export function groupedQkvRows({
  heads,
  kvHeads,
  headSize,
}: Pick<AttentionSpec, 'heads' | 'kvHeads' | 'headSize'>): readonly RowRange[] {
  const queries = heads / kvHeads
  const group = (queries + 2) * headSize
  return [
    ...each(kvHeads, (index): RowRange => [index * group, queries * headSize]),
    ...each(kvHeads, (index): RowRange => [index * group + queries * headSize, headSize]),
    ...each(kvHeads, (index): RowRange => [index * group + (queries + 1) * headSize, headSize]),
  ]
}

// How checkpoints store what the model uses as one: names with and without their prefix, query_key_value head by head, queries, keys and values
// apart, matrices turned over.
import { groupedQkvRows, stacked } from './parts.ts'
import type { AttentionSpec, DecoderSpec, ModelTensor, WeightSource } from './spec.ts'
import type { SourcesOf } from './tensors.ts'

type Heads = Pick<AttentionSpec, 'heads' | 'kvHeads' | 'headSize'>

/** Sources that also go by their names without `prefix`: repositories hold the whole model or only its base (transformers' base_model_prefix). */
export function withOrWithout(prefix: string, sourcesOf: SourcesOf): SourcesOf {
  return (tensor) =>
    (sourcesOf(tensor) ?? [asIs(tensor)]).map((source) =>
      source.tensor.startsWith(prefix) ? { ...source, aliases: [source.tensor.slice(prefix.length)] } : source,
    )
}

/** The tensor under its own name or another. */
export function asIs(tensor: ModelTensor, name: string = tensor.name): WeightSource {
  return { tensor: name, shape: tensor.shape }
}

/** Sources of the fused projections of queries, keys and values; null for every other tensor. */
export function forQkv(
  { layers }: DecoderSpec,
  sourcesOf: (tensor: ModelTensor, attention: AttentionSpec) => readonly WeightSource[],
): SourcesOf {
  const attentions = new Map(
    layers.flatMap(({ mixer }) => (mixer.kind === 'attention' ? [[mixer.qkv.name, mixer] as const] : [])),
  )
  return (tensor) => {
    const attention = attentions.get(tensor.name.replace(/\.(?:weight|bias)$/, ''))
    return attention === undefined ? null : sourcesOf(tensor, attention)
  }
}

/** Stored KV head by KV head: its queries, its key, its value. */
export function groupedQkv(tensor: ModelTensor, heads: Heads): readonly WeightSource[] {
  return [{ ...asIs(tensor), rows: groupedQkvRows(heads) }]
}

/** Stored apart: the fused tensor's name with `fused` replaced by the name of each part. */
export function separateQkv(
  tensor: ModelTensor,
  { heads, kvHeads, headSize }: Heads,
  fused: string,
  [queries, keys, values]: readonly [queries: string, keys: string, values: string] = ['q_proj', 'k_proj', 'v_proj'],
): readonly WeightSource[] {
  const named = (part: string) => tensor.name.replace(fused, part)
  return stacked(tensor, [
    [named(queries), heads * headSize],
    [named(keys), kvHeads * headSize],
    [named(values), kvHeads * headSize],
  ])
}

/** Stored [inputs, outputs]. */
export function turnedOver({ name, shape: [rows = 0, columns = 0] }: ModelTensor): readonly WeightSource[] {
  return [{ tensor: name, shape: [columns, rows], transposed: true }]
}

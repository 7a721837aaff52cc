// Variants of the architectures with logits that published implementations computed: tests/fixtures/reference/variants.json. Their weights are not
// stored but hashed from their names, in the same way there and here.
import { readFile } from 'node:fs/promises'
import type { StoredTensor } from './gatherWeight.ts'

export interface Variant {
  readonly name: string
  /** Whose code computed the logits. */
  readonly source: string
  readonly config: Readonly<Record<string, unknown>>
  /** Shapes of the checkpoint's tensors. */
  readonly tensors: Readonly<Record<string, readonly number[]>>
  /** Parts of the names of tensors that are looked up, not multiplied. */
  readonly embeddings: readonly string[]
  readonly input_ids: readonly number[]
  readonly fed_ids: readonly number[]
  /** After the prompt, then after each of fed_ids. */
  readonly logits: readonly (readonly number[])[]
}

export async function readVariants(): Promise<readonly Variant[]> {
  const url = new URL('../fixtures/reference/variants.json', import.meta.url)
  return JSON.parse(await readFile(url, 'utf8')) as readonly Variant[]
}

export function checkpointOf({ tensors, embeddings }: Variant): ReadonlyMap<string, StoredTensor> {
  return new Map(
    Object.entries(tensors).map(([name, shape]) => {
      const isEmbedding = embeddings.some((part) => name.includes(part))
      return [name, { shape, values: hashedValues(name, shape, isEmbedding) }]
    }),
  )
}

/** -1 to 1 in steps of 1/128; norm weights around 1, biases smaller, matrices by about the root of their columns. Exact in float16. */
function hashedValues(name: string, shape: readonly number[], isEmbedding: boolean): Float32Array {
  const seed = fnv1a(name)
  const scale = 2 ** (1 - Math.floor(Math.log2(shape.at(-1) ?? 1) / 2))
  const length = shape.reduce((product, size) => product * size, 1)
  return Float32Array.from({ length }, (_, index) => {
    const value = ((mixed(seed + Math.imul(index, 2_654_435_761)) & 255) - 128) / 128
    if (shape.length === 1) return name.endsWith('bias') ? value / 4 : 1 + value / 4
    return isEmbedding ? value : value * scale
  })
}

/** FNV-1a, 32 bits. */
function fnv1a(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261 | 0)
}

/** MurmurHash3's finalizer. */
function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

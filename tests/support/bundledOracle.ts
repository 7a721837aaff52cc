// What a bundled model must write, computed without web-llm, WebGPU or our libraries: its 4-bit weights unpacked and run through the plain forward.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import type { WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { widenFloat16 } from '../../shared/compiler/checkpoint/float16.ts'
import { dequantizeRows, groupsPerRow } from '../../shared/compiler/quantize/packing.ts'
import { createForward } from '../reference/forward.ts'
import { tensorsOf } from '../reference/linear.ts'
import { argmax } from './argmax.ts'
import { webLlmTokenizers } from './webLlmTokenizer.ts'

export interface Oracle {
  /** The prompt and its likeliest continuation of so many tokens, as one text. */
  continued(prompt: string, tokens: number): string
  /** The likeliest reply of so many tokens to a prompt whose pieces are encoded one by one. */
  replied(pieces: readonly string[], tokens: number): string
  /** How many tokens a text has. */
  countTokens(text: string): number
}

interface TensorCache {
  readonly records: readonly {
    readonly dataPath: string
    readonly records: readonly { readonly name: string; readonly byteOffset: number; readonly nbytes: number }[]
  }[]
}

/** Opens a model folder of weight format q4f16_1; `config` is the config.json it was compiled from. */
export async function openOracle(folder: string, config: unknown, bosTokenId: number): Promise<Oracle> {
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const stored = readStored(folder)
  const tensors = tensorsOf(new Map(architecture.weights(spec).map((rule) => [rule.name, unpacked(rule, stored)])))
  const tokenizers = await webLlmTokenizers()
  const tokenizer = await tokenizers.fromJSON(Uint8Array.from(readFileSync(join(folder, 'tokenizer.json'))).buffer)
  const encode = (text: string) => [...tokenizer.encode(text)].filter((id) => id !== bosTokenId)
  const likeliest = (prompt: readonly number[], tokens: number): readonly number[] => {
    const forward = createForward(spec, tensors)
    const ids: number[] = []
    let logits = forward.feed([bosTokenId, ...prompt]).at(-1)
    while (ids.length < tokens) {
      const next = argmax(logits ?? new Float32Array())
      if (spec.eosTokenIds.includes(next)) break
      ids.push(next)
      logits = forward.feed([next]).at(-1)
    }
    return ids
  }
  const decode = (ids: readonly number[]) => tokenizer.decode(Int32Array.from(ids)).trimStart()
  return {
    continued(prompt, tokens) {
      const ids = encode(prompt)
      return decode([...ids, ...likeliest(ids, tokens)])
    },
    replied: (pieces, tokens) => decode(likeliest(pieces.flatMap(encode), tokens)),
    countTokens: (text) => encode(text).length,
  }
}

function readStored(folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const cache = JSON.parse(readFileSync(join(folder, 'tensor-cache.json'), 'utf8')) as TensorCache
  return new Map(
    cache.records.flatMap(({ dataPath, records }) => {
      const shard = readFileSync(join(folder, dataPath))
      return records.map(
        ({ name, byteOffset, nbytes }) =>
          [name, Uint8Array.from(shard.subarray(byteOffset, byteOffset + nbytes))] as const,
      )
    }),
  )
}

/** A stored tensor as float32. */
function unpacked(rule: WeightRule, stored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Float32Array {
  return rule.kind !== 'matrix' ? floats(stored.get(rule.name)) : matrix(rule, stored)
}

function matrix(rule: WeightRule, stored: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Float32Array {
  const [rows = 0, columns = 0] = rule.shape
  const stem = rule.name.replace(/\.weight$/, '')
  const packed = new Uint32Array(stored.get(`${stem}.q_weight`)?.buffer ?? new ArrayBuffer())
  const scales = floats(stored.get(`${stem}.q_scale`))
  if (packed.length !== rows * groupsPerRow(columns) * 4) throw new Error(`${rule.name} is not stored as 4 bits`)
  return dequantizeRows({ packed, scales }, rows, columns)
}

function floats(bytes: Uint8Array<ArrayBuffer> | undefined): Float32Array<ArrayBuffer> {
  const values = new Float32Array((bytes?.length ?? 0) / 2)
  if (bytes !== undefined) widenFloat16(bytes, values)
  return values
}

// A model of one layer with Llama-2-7B's shapes and random 4-bit weights, made without a checkpoint: what a big model's layer costs, in a size that
// loads anywhere. The vocabulary is small so that the layer dominates.
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { DecoderSpec, Parameter, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { parameterBytes } from '../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../shared/compiler/graph/parameters.ts'
import { type LibraryTarget, libraryTargets } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { randomSource } from '../support/random.ts'
import { plainChatConfig } from '../support/syntheticModel.ts'

export interface SyntheticModel {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly params: readonly Parameter[]
  /** The model folder, libraries named by target among it. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

const chunkTokens = 128
const contextTokens = 1024
const config = {
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 11_008,
  num_hidden_layers: 1,
  num_attention_heads: 32,
  vocab_size: 512,
  max_position_embeddings: contextTokens,
  rms_norm_eps: 1e-5,
  bos_token_id: 1,
  eos_token_id: 2,
}

export function libraryFile(target: LibraryTarget): string {
  return `${target}.wasm`
}

export function sevenBillionSlice(runtime: Uint8Array): SyntheticModel {
  const spec = llama.spec(config)
  const rules = llama.weights(spec)
  const params = parametersOfModel(rules, 'q4f16_1')
  const next = randomSource(1)
  let byteOffset = 0
  const records = params.map((param) => {
    const record = { ...param, format: 'raw', nbytes: parameterBytes(param), byteOffset }
    byteOffset += record.nbytes
    return record
  })
  const shard = new Uint32Array(byteOffset / 4)
  for (const { name, byteOffset: start, nbytes } of records) {
    const words = shard.subarray(start / 4, (start + nbytes) / 4)
    // Scales of 0.002 and norm weights of 1 keep the activations finite.
    if (name.endsWith('q_scale')) words.fill(0x1819_1819)
    else if (name.endsWith('q_weight')) for (let i = 0; i < words.length; i++) words[i] = next() * 2 ** 32
    else words.fill(0x3c00_3c00)
  }
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const vocab = Object.fromEntries(Array.from({ length: spec.vocabularySize }, (_, id) => [`t${id}`, id]))
  const files = new Map<string, Uint8Array>([
    ['params_shard_0.bin', new Uint8Array(shard.buffer)],
    [
      'tensor-cache.json',
      json({
        metadata: {},
        records: [{ dataPath: 'params_shard_0.bin', format: 'raw-shard', nbytes: byteOffset, records }],
      }),
    ],
    ['tokenizer.json', json({ version: '1.0', added_tokens: [], model: { type: 'BPE', vocab, merges: [] } })],
    ['mlc-chat-config.json', json(plainChatConfig(spec))],
    ...libraryTargets.map((target): [string, Uint8Array] => [
      libraryFile(target),
      makeLibrary(runtime, { spec, rules, format: 'q4f16_1', target, chunkTokens, contextTokens }).bytes,
    ]),
  ])
  return { spec, rules, params, files }
}

// Models of one or two layers in the published shapes of a 7B model of each architecture, with random 4-bit weights, made without a checkpoint: what a big
// model's layer costs, in a size that loads anywhere. The vocabulary is small so that the layer dominates.
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import type { DecoderSpec, Parameter, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { parameterBytes } from '../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../shared/compiler/graph/parameters.ts'
import { type LibraryTarget, libraryTargets } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { publishedCheckpoints, publishedConfig } from '../support/publishedConfigs.ts'
import { randomSource } from '../support/random.ts'
import { plainChatConfig } from '../support/syntheticModel.ts'

/** Which layers of which published model stand for an architecture. */
export interface Slice {
  readonly repository: string
  readonly layers: readonly number[]
  /** Experts are as wide as this part of the published ones: whole, one layer of Mixtral takes 800 MB. */
  readonly expertShare?: number
}

export const slices: readonly Slice[] = [
  { repository: 'meta-llama/Llama-2-7b-hf', layers: [0] },
  { repository: 'mistralai/Mistral-7B-v0.1', layers: [0] },
  { repository: 'mistralai/Mixtral-8x7B-v0.1', layers: [0], expertShare: 1 / 4 },
  { repository: 'EleutherAI/pythia-6.9b', layers: [0] },
  { repository: 'tiiuae/falcon-7b', layers: [0] },
  { repository: 'mosaicml/mpt-7b', layers: [0] },
  { repository: 'bigscience/bloom-7b1', layers: [0] },
  { repository: 'facebook/opt-6.7b', layers: [0] },
  { repository: 'Qwen/Qwen-7B', layers: [0] },
  { repository: 'Deci/DeciLM-7B', layers: [0] },
  { repository: 'THUDM/chatglm3-6b', layers: [0] },
  { repository: 'THUDM/chatglm-6b', layers: [0] },
  { repository: 'openai-community/gpt2-xl', layers: [0] },
  { repository: 'EleutherAI/gpt-j-6b', layers: [0] },
  { repository: 'microsoft/phi-2', layers: [0] },
  { repository: 'stabilityai/stablelm-3b-4e1t', layers: [0] },
  { repository: 'state-spaces/mamba-2.8b', layers: [0] },
  { repository: 'togethercomputer/StripedHyena-Hessian-7B', layers: [0, 1] },
]

export interface SyntheticModel {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly params: readonly Parameter[]
  /** The model folder, libraries named by target among it. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

const chunkTokens = 128
const contextTokens = 1024
const vocabularySize = 512

export function libraryFile(target: LibraryTarget): string {
  return `${target}.wasm`
}

/** The spec of a slice and the rules of its tensors, without weights. */
export async function sliceSpec(slice: Slice): Promise<Pick<SyntheticModel, 'spec' | 'rules'>> {
  const files = ['families.json', 'others.json']
  const published = (await Promise.all(files.map(publishedCheckpoints))).flat()
  const found = published.find(({ repository }) => repository === slice.repository)
  if (found === undefined) throw new Error(`no published configuration of ${slice.repository}`)
  const config = publishedConfig(found)
  const architecture = requireArchitecture(config)
  const whole = architecture.spec(config)
  const layers = slice.layers.flatMap((index) => {
    const layer = whole.layers[index]
    if (layer === undefined) return []
    const { feedForward } = layer
    if (feedForward?.kind !== 'experts' || slice.expertShare === undefined) return [layer]
    return [{ ...layer, feedForward: { ...feedForward, size: feedForward.size * slice.expertShare } }]
  })
  const { prefix, ...causal } = whole
  const spec: DecoderSpec = {
    ...causal,
    ...(prefix === undefined
      ? {}
      : { prefix: { startTokenId: vocabularySize - 1, maskTokenIds: [vocabularySize - 2] } }),
    vocabularySize,
    contextTokens,
    slidingWindowTokens: null,
    layers,
    bosTokenId: 1,
    eosTokenIds: [2],
  }
  return { spec, rules: architecture.weights(spec) }
}

export async function layerSlice(runtime: Uint8Array, slice: Slice): Promise<SyntheticModel> {
  const { spec, rules } = await sliceSpec(slice)
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
    // Scales of 0.002 and norm weights of 1 keep the activations finite; the few float32 tables of recurrences become 0.008 throughout.
    if (name.endsWith('q_scale')) words.fill(0x1819_1819)
    else if (name.endsWith('q_weight')) for (let i = 0; i < words.length; i++) words[i] = next() * 2 ** 32
    else if (name.endsWith('.bias')) words.fill(0)
    else words.fill(0x3c00_3c00)
  }
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const vocab = Object.fromEntries(Array.from({ length: vocabularySize }, (_, id) => [`t${id}`, id]))
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

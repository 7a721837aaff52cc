// What a model needs of a machine, from its configuration alone: the plan that a library would be packed from, without weights and without a library.
// The same arithmetic sizes the buffers when the model is loaded.
import { requireArchitecture } from '../compiler/architectures/index.ts'
import type { DecoderSpec, WeightRule } from '../compiler/architectures/spec.ts'
import { chooseContext } from '../compiler/contextChoice.ts'
import { decoderPlan } from '../compiler/graph/decoder.ts'
import {
  type Buffer,
  type ContextShape,
  evaluateCount,
  isCache,
  memoryOf,
  type PlanMemory,
  type PlanSizes,
  parameterBytes,
  sizesOf,
  slotBuffers,
} from '../compiler/graph/memory.ts'
import { parametersOfModel } from '../compiler/graph/parameters.ts'
import { weightsReadPerToken } from '../compiler/graph/traffic.ts'
import type { LibraryTarget, WeightFormat } from '../compiler/kernels/target.ts'
import type { Variable } from '../compiler/library/plan.ts'
import { countWeights } from '../compiler/weights.ts'
import { representativeOf } from './representative.ts'

export type { Buffer } from '../compiler/graph/memory.ts'

export interface ModelNeeds extends PlanSizes {
  readonly parameters: number
  readonly largestWeight: Buffer
  /** Weights that one decoded token reads: of experts only the chosen ones, of the embedding and of learned positions a row. */
  readonly weightsBytesPerToken: number
  /** Tokens that the model was trained to read. */
  readonly contextTokens: number
  /** What the compiler takes where nothing else is asked for. */
  readonly usualContextTokens: number
  readonly slidingWindowTokens: number | null
  /** The prompt is read in one pass, however long. */
  readonly readsPromptWhole: boolean
}

export interface MemoryNeed extends PlanMemory {
  readonly totalBytes: number
  readonly largestBuffer: Buffer
}

export interface NeedsOptions {
  readonly format: WeightFormat
  readonly target: LibraryTarget
}

/** From a parsed config.json. Throws CompileError where no architecture knows it or a field is wrong. */
export function needsOfConfig(config: unknown, options: NeedsOptions): ModelNeeds {
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  return needsOf(spec, architecture.weights(spec), options)
}

export function needsOf(spec: DecoderSpec, rules: readonly WeightRule[], { format, target }: NeedsOptions): ModelNeeds {
  const usual = chooseContext(spec)
  const representative = representativeOf(spec)
  const plan = decoderPlan({ spec: representative.spec, rules, format, target, ...usual })
  const params = parametersOfModel(rules, format)
  const sizes = sizesOf(plan, params)
  return {
    ...sizes,
    slots: representative.wholeSlots(sizes.slots),
    parameters: countWeights(rules),
    largestWeight: largest(params.map((param) => ({ name: param.name, sizeBytes: parameterBytes(param) }))),
    weightsBytesPerToken: weightsReadPerToken(plan, spec, rules, format, representative.isLeftOut),
    contextTokens: spec.contextTokens,
    usualContextTokens: usual.contextTokens,
    slidingWindowTokens: spec.slidingWindowTokens,
    readsPromptWhole: spec.prefix !== undefined,
  }
}

/** Memory of one conversation of `contextTokens`. A sliding window takes what the window takes, whatever the context. */
export function memoryAt(needs: ModelNeeds, contextTokens: number): MemoryNeed {
  const shape = shapeAt(needs, contextTokens)
  const memory = memoryOf(needs, shape)
  return {
    ...memory,
    totalBytes: memory.weightsBytes + memory.cacheBytes + memory.workingBytes,
    largestBuffer: largest([needs.largestWeight, ...slotBuffers(needs, shape)]),
  }
}

/** Bytes that one decoded token reads when `tokens` came before it: what the speed is bounded by. */
export function bytesPerToken(needs: ModelNeeds, tokens: number): number {
  const rows = Math.min(tokens + 1, needs.slidingWindowTokens ?? Infinity)
  const known = new Map<Variable, number>([
    ['one', 1],
    ['chunk', 1],
    ['capacity', rows],
  ])
  const cache = needs.slots.filter(isCache).map(({ sizeBytes }) => evaluateCount(sizeBytes, known))
  return needs.weightsBytesPerToken + sum(cache)
}

/** An upper bound: nothing but reading takes time. */
export function speedAt(needs: ModelNeeds, tokens: number, bandwidthBytesPerSecond: number): number {
  return bandwidthBytesPerSecond / bytesPerToken(needs, tokens)
}

function shapeAt(
  { slidingWindowTokens, contextTokens: limit, readsPromptWhole }: ModelNeeds,
  wanted: number,
): ContextShape {
  const spec = { contextTokens: limit, prefix: readsPromptWhole ? true : undefined }
  const { chunkTokens } = chooseContext(spec, { contextTokens: wanted })
  return { chunkTokens, contextTokens: slidingWindowTokens ?? wanted, sliding: slidingWindowTokens !== null }
}

function largest(buffers: readonly Buffer[]): Buffer {
  const found = buffers.reduce((best, buffer) => (buffer.sizeBytes > best.sizeBytes ? buffer : best))
  return { name: found.name, sizeBytes: found.sizeBytes }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

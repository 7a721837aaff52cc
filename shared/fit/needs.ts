// What a model needs of a machine, from its configuration alone: the plan that a library would be packed from, without weights and without a library.
// The same arithmetic sizes the buffers when the model is loaded.
import { requireArchitecture } from '../compiler/architectures/index.ts'
import type { DecoderSpec, WeightRule } from '../compiler/architectures/spec.ts'
import { decoderPlan } from '../compiler/graph/decoder.ts'
import { cacheCapacity, evaluateCount, parameterBytes } from '../compiler/graph/memory.ts'
import { parametersOf } from '../compiler/graph/parameters.ts'
import type { LibraryTarget, WeightFormat } from '../compiler/kernels/target.ts'
import type { Count, LibraryPlan, Variable } from '../compiler/library/plan.ts'
import { countWeights } from '../compiler/weights.ts'

export interface ModelNeeds {
  readonly parameters: number
  readonly weightsBytes: number
  readonly largestWeight: Buffer
  /** Weights that one decoded token reads: of experts only the chosen ones, of the embedding and of learned positions a row. */
  readonly weightsBytesPerToken: number
  readonly slots: readonly { readonly name: string; readonly sizeBytes: Count }[]
  readonly constantsBytes: number
  /** Tokens that the model was trained to read. */
  readonly contextTokens: number
  readonly slidingWindowTokens: number | null
}

/** A GPU buffer, bound as a whole. */
export interface Buffer {
  readonly name: string
  readonly sizeBytes: number
}

export interface MemoryNeed {
  readonly weightsBytes: number
  /** Keys and values, or the state of a recurrent model. */
  readonly cacheBytes: number
  readonly workingBytes: number
  readonly totalBytes: number
  readonly largestBuffer: Buffer
}

export interface NeedsOptions {
  readonly format: WeightFormat
  readonly target: LibraryTarget
}

/** What the compiler takes where nothing else is asked for. */
export const usualContextTokens = 4096
const chunkTokens = 512

/** From a parsed config.json. Throws CompileError where no architecture knows it or a field is wrong. */
export function needsOfConfig(config: unknown, options: NeedsOptions): ModelNeeds {
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  return needsOf(spec, architecture.weights(spec), options)
}

export function needsOf(spec: DecoderSpec, rules: readonly WeightRule[], { format, target }: NeedsOptions): ModelNeeds {
  const contextTokens = Math.min(usualContextTokens, spec.contextTokens)
  const plan = decoderPlan({ spec, rules, format, target, chunkTokens, contextTokens })
  const params = rules.flatMap((rule) =>
    parametersOf(rule, format).map((param) => ({ param, share: shareRead(spec, rule) })),
  )
  const sized = params.map(
    ({ param, share }): Weight => ({ name: param.name, share, sizeBytes: parameterBytes(param) }),
  )
  return {
    parameters: countWeights(rules),
    weightsBytes: sum(sized.map(({ sizeBytes }) => sizeBytes)),
    largestWeight: largest(sized),
    weightsBytesPerToken: bytesRead(plan, sized),
    slots: plan.slots.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    constantsBytes: sum(plan.constants.map(({ bytes }) => bytes.length)),
    contextTokens: spec.contextTokens,
    slidingWindowTokens: spec.slidingWindowTokens,
  }
}

/** Memory of one conversation of `contextTokens`. A sliding window takes what the window takes, whatever the context. */
export function memoryAt(needs: ModelNeeds, contextTokens: number): MemoryNeed {
  const { weightsBytes, constantsBytes, largestWeight } = needs
  const slots = slotsAt(needs, contextTokens)
  const cacheBytes = sum(slots.filter(isCache).map(({ sizeBytes }) => sizeBytes))
  const workingBytes = sum(slots.map(({ sizeBytes }) => sizeBytes)) - cacheBytes + constantsBytes
  return {
    weightsBytes,
    cacheBytes,
    workingBytes,
    totalBytes: weightsBytes + cacheBytes + workingBytes,
    largestBuffer: largest([largestWeight, ...slots]),
  }
}

/** Bytes that one decoded token reads when `tokens` came before it: what the speed is bounded by. */
export function bytesPerToken(needs: ModelNeeds, tokens: number): number {
  const occupied = Math.min(tokens + 1, needs.slidingWindowTokens ?? Infinity)
  const known = variables({ rows: occupied, chunk: chunkTokens })
  const cache = needs.slots.filter(isCache).map(({ sizeBytes }) => evaluateCount(sizeBytes, known))
  return needs.weightsBytesPerToken + sum(cache)
}

/** An upper bound: nothing but reading takes time. */
export function speedAt(needs: ModelNeeds, tokens: number, bandwidthBytesPerSecond: number): number {
  return bandwidthBytesPerSecond / bytesPerToken(needs, tokens)
}

interface Weight extends Buffer {
  readonly share: number
}

/** The part of a tensor that one token reads. */
function shareRead({ layers, embedding }: DecoderSpec, { name }: WeightRule): number {
  const { positions } = embedding
  if (positions !== null && name === `${positions.name}.weight`) return 1 / positions.rows
  for (const { feedForward } of layers) {
    if (feedForward?.kind !== 'experts') continue
    if (name === `${feedForward.gateUp}.weight` || name === `${feedForward.down}.weight`)
      return feedForward.chosen / feedForward.count
  }
  return 1
}

function bytesRead(plan: LibraryPlan, weights: readonly Weight[]): number {
  const decode = plan.programs.find(({ name }) => name === 'decode' || name === 'batch_decode')
  if (decode === undefined) throw new Error('the plan decodes nothing')
  const read = new Set(
    decode.launches.flatMap(({ buffers }) =>
      buffers.flatMap((buffer) => (buffer.kind === 'param' ? [buffer.index] : [])),
    ),
  )
  return sum(weights.map(({ sizeBytes, share }, index) => (read.has(index) ? sizeBytes * share : 0)))
}

function slotsAt({ slots, slidingWindowTokens }: ModelNeeds, contextTokens: number): readonly Buffer[] {
  const chunk = Math.min(chunkTokens, contextTokens)
  const rows = cacheCapacity(slidingWindowTokens ?? contextTokens, chunk, slidingWindowTokens !== null)
  const known = variables({ rows, chunk })
  return slots.map(({ name, sizeBytes }) => ({ name, sizeBytes: evaluateCount(sizeBytes, known) }))
}

function variables({ rows, chunk }: { readonly rows: number; readonly chunk: number }): ReadonlyMap<Variable, number> {
  return new Map<Variable, number>([
    ['one', 1],
    ['chunk', chunk],
    ['capacity', rows],
  ])
}

function isCache({ name }: { readonly name: string }): boolean {
  return name.startsWith('cache.')
}

function largest(buffers: readonly Buffer[]): Buffer {
  const found = buffers.reduce((best, buffer) => (buffer.sizeBytes > best.sizeBytes ? buffer : best))
  return { name: found.name, sizeBytes: found.sizeBytes }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

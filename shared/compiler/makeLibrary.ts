// A model library for one target: the graph's plan packed beside the runtime.

import type { LibraryNeeds } from '../model.ts'
import { type DecoderPlanOptions, decoderPlan } from './graph/decoder.ts'
import { memoryOf, type PlanMemory, parameterBytes, sizesOf, slotBuffers } from './graph/memory.ts'
import { parametersOfModel } from './graph/parameters.ts'
import { weightsReadPerToken } from './graph/traffic.ts'
import { packLibrary } from './library/packLibrary.ts'

export interface MadeLibrary {
  readonly bytes: Uint8Array
  /** For one conversation of the full context, or of the window when the model slides. */
  readonly memory: PlanMemory
  readonly needs: LibraryNeeds
}

export type LibraryMaker = (runtime: Uint8Array, options: DecoderPlanOptions) => MadeLibrary

/** @param runtime bytes of resources/runtime/hearth-runtime.wasm */
export const makeLibrary: LibraryMaker = (runtime, options) => {
  const plan = decoderPlan(options)
  const { spec, rules, format, chunkTokens } = options
  const params = parametersOfModel(rules, format)
  const sizes = sizesOf(plan, params)
  const { slidingWindowTokens } = spec
  const sliding = slidingWindowTokens !== null
  const shape = { contextTokens: slidingWindowTokens ?? options.contextTokens, chunkTokens, sliding }
  const memory = memoryOf(sizes, shape)
  const { cacheBytes, workingBytes } = memory
  // The runtime rounds rows up to 16, so 16 tokens are told apart.
  const longer = memoryOf(sizes, { ...shape, contextTokens: shape.contextTokens + 16 })
  const buffers = [...params.map(parameterBytes), ...slotBuffers(sizes, shape).map(({ sizeBytes }) => sizeBytes)]
  return {
    bytes: packLibrary(runtime, plan),
    memory,
    needs: {
      cacheBytes,
      workingBytes,
      cacheBytesPerToken: sliding ? 0 : Math.ceil((longer.cacheBytes - cacheBytes) / 16),
      largestBufferBytes: buffers.reduce((largest, sizeBytes) => Math.max(largest, sizeBytes), 0),
      readBytesPerToken: Math.ceil(weightsReadPerToken(plan, spec, rules, format)),
    },
  }
}

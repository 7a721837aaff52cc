// A model library for one target: the graph's plan packed beside the runtime.
import { type DecoderPlanOptions, decoderPlan } from './graph/decoder.ts'
import { type PlanMemory, planMemory } from './graph/memory.ts'
import { parametersOfModel } from './graph/parameters.ts'
import { packLibrary } from './library/packLibrary.ts'

export interface MadeLibrary {
  readonly bytes: Uint8Array
  /** For one conversation of the full context, or of the window when the model slides. */
  readonly memory: PlanMemory
}

export type LibraryMaker = (runtime: Uint8Array, options: DecoderPlanOptions) => MadeLibrary

/** @param runtime bytes of resources/runtime/hearth-runtime.wasm */
export const makeLibrary: LibraryMaker = (runtime, options) => {
  const plan = decoderPlan(options)
  const { slidingWindowTokens } = options.spec
  return {
    bytes: packLibrary(runtime, plan),
    memory: planMemory(plan, parametersOfModel(options.rules, options.format), {
      contextTokens: slidingWindowTokens ?? options.contextTokens,
      chunkTokens: options.chunkTokens,
      sliding: slidingWindowTokens !== null,
    }),
  }
}

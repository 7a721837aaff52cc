// A model library for one target: the graph's plan packed beside the runtime.
import type { DecoderPlanOptions } from './graph/decoder.ts'
import type { PlanMemory } from './graph/memory.ts'

export interface MadeLibrary {
  readonly bytes: Uint8Array
  readonly memory: PlanMemory
}

export type LibraryMaker = (runtime: Uint8Array, options: DecoderPlanOptions) => MadeLibrary

// A model library: the prebuilt runtime with a plan beside it. No tool chain is needed, one data segment is added.
import { checkPlan } from './checkPlan.ts'
import { buildImage, imageWindow } from './image.ts'
import type { LibraryPlan } from './plan.ts'
import { addDataSegment } from './wasm.ts'

/**
 * @param runtime bytes of resources/runtime/hearth-runtime.wasm
 * @returns the .wasm that web-llm loads; the same plan gives the same bytes
 * @throws Error when the plan is broken or larger than the runtime's window
 */
export function packLibrary(runtime: Uint8Array, plan: LibraryPlan): Uint8Array<ArrayBuffer> {
  checkPlan(plan)
  return addDataSegment(runtime, { address: imageWindow.start, bytes: buildImage(plan), limit: imageWindow.end })
}

// What the models process is started with: one argument, in which nothing is secret.
import { z } from 'zod'

const processPaths = z.strictObject({
  /** The data folder: settings and the network's ledger. */
  home: z.string(),
  /** Where models are kept, unless they were moved. */
  models: z.string(),
  bundledFolder: z.string(),
  /** Of hearth-runtime.wasm. */
  runtimePath: z.string(),
})
export type ProcessPaths = z.infer<typeof processPaths>

/** Of the command line that main wrote. */
export function readProcessPaths(argument: string): ProcessPaths {
  return processPaths.parse(JSON.parse(argument))
}

// A checkpoint folder as a spec and float32 weights under MLC's names, for the benches.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFolder } from '../../electron/services/files.ts'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { readWeights } from '../../shared/compiler/calibrate.ts'
import { openCheckpoint } from '../../shared/compiler/checkpoint/checkpoint.ts'

export interface OpenModel {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly weights: ReadonlyMap<string, Float32Array>
}

export async function openModel(folder: string): Promise<OpenModel> {
  const config: unknown = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  const { signal } = new AbortController()
  await using source = await openFolder(folder)
  return { spec, rules, weights: await readWeights(await openCheckpoint(source, signal), rules, signal) }
}

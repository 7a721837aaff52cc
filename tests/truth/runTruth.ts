// The truth table: every reference case, weight format and library target, run on WebGPU through unmodified web-llm and compared with what outside
// implementations computed.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import type { ExpectedLogits, ReferenceCase } from './cases.ts'
import { type CompiledCase, compileCase } from './compileCase.ts'
import type { TruthJob } from './engine.ts'
import { differentHashes } from './hashes.ts'
import type { Feeding, Measurement } from './measure.ts'

export interface TruthRow {
  readonly name: string
  readonly format: WeightFormat
  readonly target: LibraryTarget
  readonly maxAbsError: number
  readonly tolerance: number
  readonly idsEqual: boolean
  /** null where nothing is listed to compare with. */
  readonly hashesEqual: boolean | null
  readonly passed: boolean
  readonly remarks: readonly string[]
}

export interface TruthRunner {
  readonly targets: readonly LibraryTarget[]
  readonly run: (files: CompiledCase['files'], job: TruthJob) => Promise<readonly Measurement[]>
}

/** float32 arithmetic: the reference's own tolerance. float16: what half-precision products and cache cost on these shapes. */
const tolerances: Readonly<Record<LibraryTarget, number>> = { portable: 3e-4, software: 3e-4, half: 0.05 }

const feedings: readonly Feeding[] = ['prefixes', 'pieces of 1', 'pieces of 7']

export async function* truthRows(cases: readonly ReferenceCase[], runner: TruthRunner): AsyncGenerator<TruthRow> {
  for (const reference of cases) {
    for (const format of ['q0f32', 'q4f32_1'] as const) {
      const expected = format === 'q0f32' ? reference.expected : reference.expectedQuantized
      if (expected === null) continue
      const compiled = await compileCase(reference, { format, chunkTokens: 512 })
      const remarks = await hashRemarks(reference, expected, compiled)
      for (const target of runner.targets)
        yield await measureRow(runner, { reference, format, target, expected, compiled, remarks })
    }
  }
}

interface RowInput {
  readonly reference: ReferenceCase
  readonly format: WeightFormat
  readonly target: LibraryTarget
  readonly expected: ExpectedLogits
  readonly compiled: CompiledCase
  /** Tensors whose hashes differ, or null where none are listed. */
  readonly remarks: readonly string[] | null
}

async function measureRow(runner: TruthRunner, input: RowInput): Promise<TruthRow> {
  const { reference, format, target, expected } = input
  const { files, manifest } = input.compiled
  const library = manifest.libraries[target]
  const { readsWhole } = reference
  const job = { files: [...files.keys()], library, expected, feedings: readsWhole ? (['whole'] as const) : feedings }
  const measured = await runner.run(files, job)
  const maxAbsError = Math.max(...measured.map((one) => one.maxAbsError))
  // float16 may swap two ids only where the expected margin is below what it may err by.
  const wrongIds = measured
    .flatMap((one) => one.wrongIds)
    .filter((wrong) => target !== 'half' || wrong.margin > 2 * tolerances.half)
  const tolerance = tolerances[target]
  const hashesEqual = input.remarks === null ? null : input.remarks.length === 0
  return {
    name: reference.name,
    format,
    target,
    maxAbsError,
    tolerance,
    idsEqual: wrongIds.length === 0,
    hashesEqual,
    passed: maxAbsError <= tolerance && wrongIds.length === 0 && hashesEqual !== false,
    remarks: [
      ...(readsWhole ? ['the prompt at once, then token by token: its prefix is read as a whole'] : []),
      ...wrongIds.map(({ text }) => text),
      ...(input.remarks ?? []).map((name) => `${name} has other 4-bit values`),
    ],
  }
}

async function hashRemarks(
  reference: ReferenceCase,
  expected: ExpectedLogits,
  compiled: CompiledCase,
): Promise<readonly string[] | null> {
  if (expected.quantized === undefined) return null
  const config: unknown = JSON.parse(await readFile(join(reference.folder, 'config.json'), 'utf8'))
  const architecture = requireArchitecture(config)
  return differentHashes(compiled.files, architecture.weights(architecture.spec(config)), expected.quantized)
}

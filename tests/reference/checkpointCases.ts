// The reference checkpoints opened for the oracle and the quantizer: every case of a Llama shape in HEARTH_REFERENCE, or in tests/fixtures/reference.
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openFolder } from '../../electron/services/files.ts'
import { architectureFor } from '../../shared/compiler/architectures/index.ts'
import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'
import { openCheckpoint } from '../../shared/compiler/checkpoint/checkpoint.ts'
import type { Tensors } from './forward.ts'

/** The fields the tests read of expected.json and expected.q4f32_1.json. */
export interface Expected {
  readonly input_ids: readonly number[]
  readonly prefill: { readonly positions: readonly number[]; readonly logits: readonly (readonly number[])[] }
  readonly decode: {
    readonly fed_ids: readonly number[]
    readonly logits: readonly (readonly number[])[]
    readonly next_id: number
  }
  readonly quantized?: readonly QuantizedEntry[]
}

export interface QuantizedEntry {
  readonly name: string
  readonly shape: readonly [rows: number, columns: number]
  /** Of q, one byte per value. */
  readonly q_sha256: string
  /** Of the scales, little-endian float32. */
  readonly scale_sha256: string
}

const fixtures = fileURLToPath(new URL('../fixtures/reference', import.meta.url))
const folder = process.env.HEARTH_REFERENCE ?? fixtures
const cases = (await exists(join(folder, 'cases'))) ? join(folder, 'cases') : folder

/** Names of the cases there is an architecture for. */
export async function caseNames(): Promise<readonly string[]> {
  const names: string[] = []
  for (const name of (await readdir(cases)).sort()) {
    if (!(await exists(join(cases, name, 'config.json'))) || !(await exists(join(cases, name, 'expected.json'))))
      continue
    if (architectureFor(await readJson(join(cases, name, 'config.json'))) !== undefined) names.push(name)
  }
  return names
}

export function expectedOf(name: string, file: string): Promise<Expected> {
  return readJson<Expected>(join(cases, name, file))
}

export function hasFile(name: string, file: string): Promise<boolean> {
  return exists(join(cases, name, file))
}

/** Spec and float32 tensors under their Hugging Face names. */
export function openCase(name: string): Promise<{ readonly spec: DecoderSpec; readonly tensors: Tensors }> {
  return openFolderCase(join(cases, name))
}

/** The same of any checkpoint folder. */
export async function openFolderCase(path: string): Promise<{ readonly spec: DecoderSpec; readonly tensors: Tensors }> {
  const config = await readJson(join(path, 'config.json'))
  const spec = architectureFor(config)?.spec(config)
  if (spec === undefined) throw new Error(`${path}: no architecture`)
  const { signal } = new AbortController()
  await using source = await openFolder(path)
  const checkpoint = await openCheckpoint(source, signal)
  const loaded = new Map<string, Float32Array>()
  for (const entry of checkpoint.tensors.values())
    loaded.set(entry.name, await checkpoint.readRows(entry, 0, entry.shape[0] ?? 1, signal))
  return { spec, tensors: tensorsOf(loaded) }
}

/** Looks tensors up by name; a missing one is an error that names it. */
export function tensorsOf(loaded: ReadonlyMap<string, Float32Array>): Tensors {
  return (tensor) => {
    const values = loaded.get(tensor)
    if (values === undefined) throw new Error(`no tensor ${tensor}`)
    return values
  }
}

async function readJson<T = unknown>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

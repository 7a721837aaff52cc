// The reference checkpoints opened for the oracle and the quantizer: every case there is an architecture for in HEARTH_REFERENCE, or in
// tests/fixtures/reference. The rules are read by tests/support/gatherWeight.ts, not by the compiler's own reader.
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openFolder } from '../../electron/services/files.ts'
import { architectureFor, requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import type { Architecture, DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { openCheckpoint } from '../../shared/compiler/checkpoint/checkpoint.ts'
import { gatherWeight, type StoredTensor } from '../support/gatherWeight.ts'
import { type Tensors, tensorsOf } from './linear.ts'

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
  return (await allCases()).filter(({ reason }) => reason === null).map(({ name }) => name)
}

/** Names of the others, with what their config.json is. */
export async function casesWithoutArchitecture(): Promise<readonly string[]> {
  return (await allCases()).flatMap(({ name, reason }) => (reason === null ? [] : [`${name}: ${reason}`]))
}

async function allCases(): Promise<readonly { readonly name: string; readonly reason: string | null }[]> {
  const found: { readonly name: string; readonly reason: string | null }[] = []
  for (const name of (await readdir(cases)).sort()) {
    if (!(await hasFile(name, 'config.json')) || !(await hasFile(name, 'expected.json'))) continue
    const config = await readJson<{ readonly model_type?: unknown }>(join(cases, name, 'config.json'))
    const known = architectureFor(config) !== undefined
    found.push({ name, reason: known ? null : `no architecture for model_type ${JSON.stringify(config.model_type)}` })
  }
  return found
}

export function expectedOf(name: string, file: string): Promise<Expected> {
  return readJson<Expected>(join(cases, name, file))
}

export function hasFile(name: string, file: string): Promise<boolean> {
  return exists(join(cases, name, file))
}

export interface OpenedCase {
  readonly architecture: Architecture
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  /** float32 tensors under the model's names. */
  readonly tensors: Tensors
  /** The same under the checkpoint's names, as stored. */
  readonly stored: ReadonlyMap<string, StoredTensor>
}

export function openCase(name: string): Promise<OpenedCase> {
  return openFolderCase(join(cases, name))
}

/** The same of any checkpoint folder. */
export async function openFolderCase(path: string): Promise<OpenedCase> {
  const config = await readJson(join(path, 'config.json'))
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  const { signal } = new AbortController()
  await using source = await openFolder(await weightsFolder(path))
  const checkpoint = await openCheckpoint(source, signal)
  const stored = new Map<string, StoredTensor>()
  for (const entry of checkpoint.tensors.values()) {
    if (!/^(?:F32|F16|BF16)$/.test(entry.dtype)) continue
    const values = await checkpoint.readRows(entry, 0, entry.shape[0] ?? 1, signal)
    stored.set(entry.name, { shape: entry.shape, values })
  }
  const tensors = new Map(rules.map((rule) => [rule.name, gatherWeight(rule, stored)]))
  return { architecture, spec, rules, tensors: tensorsOf(tensors), stored }
}

/** A case that is only another config.json of the same model has its weights in the folder that expected.json names: `../falcon-7b`. */
async function weightsFolder(path: string): Promise<string> {
  if ((await readdir(path)).some((name) => /\.(?:safetensors|bin)$/.test(name))) return path
  const { weights } = await readJson<{ readonly weights?: unknown }>(join(path, 'expected.json'))
  const [other] = /\.\.\/[\w-]+/.exec(JSON.stringify(weights)) ?? []
  if (other === undefined) throw new Error(`${path}: no weights, and expected.json names no folder that has them`)
  return join(path, other)
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

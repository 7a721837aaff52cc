// sha256 of the 4-bit values (one byte each) and of the scales (float32) of single checkpoint tensors, read back from compiled shards, where they may
// stand fused with others.
import { createHash } from 'node:crypto'
import type { WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { unpack } from '../../shared/compiler/quantize/packing.ts'

export interface QuantizedHash {
  readonly name: string
  readonly shape: readonly number[]
  readonly q_sha256: string
  readonly scale_sha256: string
}

/** Names of the listed tensors whose values or scales are not those expected; a tensor the model does not store counts as different. */
export function differentHashes(
  files: ReadonlyMap<string, Uint8Array>,
  rules: readonly WeightRule[],
  expected: readonly QuantizedHash[],
): readonly string[] {
  const stored = storedTensors(files)
  return expected.filter((hash) => !matches(hash, rules, stored)).map(({ name }) => name)
}

function matches(hash: QuantizedHash, rules: readonly WeightRule[], stored: ReadonlyMap<string, Uint8Array>): boolean {
  const [rows = 0, columns = 0] = hash.shape
  const groups = Math.ceil(columns / 32)
  const rule = rules.find(({ sources }) => sources.some(({ tensor }) => tensor === hash.name))
  if (rule === undefined) return false
  const index = rule.sources.findIndex(({ tensor }) => tensor === hash.name)
  const first = rule.sources.slice(0, index).reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0)
  const stem = rule.name.replace(/\.weight$/, '')
  const values = stored.get(`${stem}.q_weight`)?.slice(first * groups * 16, (first + rows) * groups * 16)
  const scales = stored.get(`${stem}.q_scale`)?.slice(first * groups * 4, (first + rows) * groups * 4)
  if (values === undefined || scales === undefined) return false
  const q = unpack(new Uint32Array(values.buffer), rows, columns)
  return sha256(q) === hash.q_sha256 && sha256(scales) === hash.scale_sha256
}

function storedTensors(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  const cache = JSON.parse(new TextDecoder().decode(files.get('tensor-cache.json'))) as {
    readonly records: readonly {
      readonly dataPath: string
      readonly records: readonly { readonly name: string; readonly byteOffset: number; readonly nbytes: number }[]
    }[]
  }
  return new Map(
    cache.records.flatMap(({ dataPath, records }) =>
      records.map(({ name, byteOffset, nbytes }) => [
        name,
        files.get(dataPath)?.slice(byteOffset, byteOffset + nbytes) ?? new Uint8Array(),
      ]),
    ),
  )
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

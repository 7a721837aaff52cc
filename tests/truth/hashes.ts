// sha256 of the 4-bit values (one byte each) and of the scales (float32) of single checkpoint tensors, read back from compiled shards, where their rows
// may stand fused with others', in another order, or turned over.
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
  const whole = rowsOfTensor(hash.name, rules, stored)
  return whole !== null && sha256(whole.q) === hash.q_sha256 && sha256(whole.scales) === hash.scale_sha256
}

interface StoredRows {
  /** One byte per value, [rows, columns]. */
  readonly q: Uint8Array
  /** float32, [rows, groups] */
  readonly scales: Uint8Array
}

/**
 * Rows of a checkpoint tensor, found again in the stored tensors they went to; null unless every row is there. A transposed tensor is given as the
 * model stores it, [outputs, inputs].
 */
function rowsOfTensor(
  name: string,
  rules: readonly WeightRule[],
  stored: ReadonlyMap<string, Uint8Array>,
): StoredRows | null {
  const found = new Map<number, StoredRows>()
  let rows = 0
  for (const rule of rules) {
    const columns = rule.shape.at(-1) ?? 1
    let ruleRow = 0
    for (const source of rule.sources) {
      const own = source.tensor === name || source.aliases?.includes(name)
      const sourceRows = (source.transposed ? source.shape[1] : source.shape[0]) ?? 1
      if (own) rows = sourceRows
      for (const [start, count] of source.rows ?? [[0, sourceRows]]) {
        for (let row = 0; row < count; row++, ruleRow++) {
          const one = own ? storedRow(rule.name, ruleRow, columns, stored) : null
          if (one !== null) found.set(start + row, one)
        }
      }
    }
  }
  const inOrder = Array.from({ length: rows }, (_, row) => found.get(row))
  if (rows === 0 || !inOrder.every((row) => row !== undefined)) return null
  return {
    q: Buffer.concat(inOrder.map(({ q }) => q)),
    scales: Buffer.concat(inOrder.map(({ scales }) => scales)),
  }
}

function storedRow(
  name: string,
  row: number,
  columns: number,
  stored: ReadonlyMap<string, Uint8Array>,
): StoredRows | null {
  const groups = Math.ceil(columns / 32)
  const stem = name.replace(/\.weight$/, '')
  const values = stored.get(`${stem}.q_weight`)?.slice(row * groups * 16, (row + 1) * groups * 16)
  const scales = stored.get(`${stem}.q_scale`)?.slice(row * groups * 4, (row + 1) * groups * 4)
  if (values === undefined || scales === undefined) return null
  return { q: unpack(new Uint32Array(values.buffer), 1, columns), scales }
}

/** The bytes of every stored parameter by name. */
export function storedTensors(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
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

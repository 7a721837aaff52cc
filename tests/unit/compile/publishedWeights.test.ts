// The weights of every reference checkpoint, as published (split, interleaved, transposed, pickled, sharded), written in the model's one layout: 4-bit
// values and scales hash to what an outside implementation computed, and floats are what the plainest gathering in memory gives.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { nodeHashers, openFolder } from '../../../electron/services/files.ts'
import { architectureFor } from '../../../shared/compiler/architectures/index.ts'
import { openCheckpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { checkTensors } from '../../../shared/compiler/checkTensors.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { createLedger } from '../../../shared/compiler/ledger.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { createShardWriter } from '../../../shared/compiler/shards.ts'
import { countWeights, writeWeights } from '../../../shared/compiler/weights.ts'
import { gatherWeight, type StoredTensor } from '../../support/gatherWeight.ts'
import { memorySink } from '../../support/memorySource.ts'
import { type ReferenceCase, readCases } from '../../truth/cases.ts'
import { differentHashes, storedTensors } from '../../truth/hashes.ts'

const { signal } = new AbortController()
const { cases } = await readCases()
const own = (await readCases(fileURLToPath(new URL('../../fixtures/reference', import.meta.url)))).cases

/** `weightsFolder` differs where a case is another configuration of the same weights. */
async function written(
  { folder, weightsFolder }: Pick<ReferenceCase, 'folder' | 'weightsFolder'>,
  format: WeightFormat,
) {
  const config: unknown = JSON.parse(await readFile(`${folder}/config.json`, 'utf8'))
  const architecture = architectureFor(config)
  if (architecture === undefined) throw new Error(`${folder}: no architecture`)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  await using source = await openFolder(weightsFolder)
  const checkpoint = await openCheckpoint(source, signal)
  checkTensors(checkpoint, rules, architecture.ignorable(spec))
  const stored = new Map<string, StoredTensor>()
  for (const tensor of checkpoint.tensors.values()) {
    if (!['F32', 'F16', 'BF16'].includes(tensor.dtype)) continue
    const values = await checkpoint.readRows(tensor, 0, tensor.shape[0] ?? 1, signal).catch(() => new Float32Array())
    stored.set(tensor.name, { shape: tensor.shape, values })
  }
  const sink = memorySink()
  const writer = createShardWriter(createLedger(sink, nodeHashers), nodeHashers)
  await writeWeights(checkpoint, { rules, format, quantizer: roundToNearest }, writer, () => undefined, signal)
  await writer.finish(countWeights(rules), signal)
  return { rules, stored, files: sink.files }
}

test.each(cases.map((one) => [one.name, one] as const))('%s: floats as gathered', async (_, reference) => {
  const { rules, stored, files } = await written(reference, 'q0f32')
  const tensors = storedTensors(files)
  expect([...tensors.keys()]).toEqual(rules.map(({ name }) => name))
  for (const rule of rules) {
    const expected = new Uint8Array(gatherWeight(rule, stored).buffer)
    expect(Buffer.compare(tensors.get(rule.name) as Uint8Array, expected), rule.name).toBe(0)
  }
})

const hashed = cases.flatMap((one) => {
  const expected = one.expectedQuantized?.quantized
  return expected === undefined ? [] : [[one.name, one, expected] as const]
})

test.each(hashed)('%s: 4-bit values and scales hash to the expected', async (_, reference, expected) => {
  const { rules, files } = await written(reference, 'q4f32_1')
  expect(differentHashes(files, rules, expected)).toEqual([])
  expect(expected.length).toBeGreaterThan(4)
})

test('a different value, a missing tensor and a wrong order are told apart by the hashes', async () => {
  const reference = own.find(({ name }) => name === 'bloom-pow2')
  const expected = reference?.expectedQuantized?.quantized
  const [first, ...others] = expected ?? []
  if (reference === undefined || expected === undefined || first === undefined) throw new Error('nothing to compare')
  const { rules, files } = await written(reference, 'q4f32_1')
  const changed = new Map(files)
  const shard = new Uint8Array(files.get('params_shard_0.bin') as Uint8Array)
  shard[0] = (shard[0] as number) ^ 1
  changed.set('params_shard_0.bin', shard)
  expect(differentHashes(changed, rules, expected)).toHaveLength(1)
  expect(differentHashes(files, rules, [{ ...first, name: 'nobody' }, ...others])).toEqual(['nobody'])
  const unordered = rules.map((rule) => ({
    ...rule,
    sources: rule.sources.map((source) =>
      source.rows === undefined ? source : { ...source, rows: [...source.rows].reverse() },
    ),
  }))
  expect(differentHashes(files, unordered, expected).length).toBeGreaterThan(0)
})

test('a PyTorch file gives the very bytes its safetensors twin gives', async () => {
  const [torch, safetensors] = ['bloom-f16-bin', 'bloom-pow2'].map((name) => own.find((one) => one.name === name))
  if (torch === undefined || safetensors === undefined) throw new Error('the cases are missing')
  const [one, two] = [await written(torch, 'q4f16_1'), await written(safetensors, 'q4f16_1')]
  expect([...one.files.keys()]).toEqual([...two.files.keys()])
  for (const [name, bytes] of one.files) expect(Buffer.compare(bytes, two.files.get(name) as Uint8Array), name).toBe(0)
})

// The original naming of Mamba's checkpoints, made from the reference case in transformers' naming: the weights that are written must be the same bytes.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { compileModel } from '../../../shared/compiler/compile.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { type MemoryFiles, memorySink, memorySource } from '../../support/memorySource.ts'
import { referenceCheckpoint } from '../../support/referenceCheckpoint.ts'

const runtime = new Uint8Array(
  await readFile(new URL('../../../resources/runtime/hearth-runtime.wasm', import.meta.url)),
)

async function compiled(files: MemoryFiles): Promise<ReadonlyMap<string, Uint8Array>> {
  const sink = memorySink()
  const options = { format: 'q4f32_1', quantizer: roundToNearest, description: { id: 'test/mamba' } } as const
  const source = memorySource(files)
  await compileModel(
    { source, sink, runtime, makeLibrary, hashers: nodeHashers, options },
    new AbortController().signal,
  )
  return sink.files
}

interface Header {
  [name: string]: { readonly data_offsets: readonly [start: number, end: number] }
}

/** The embedding under its original name, and a copy of it as the head. */
function renamed(safetensors: Uint8Array): Uint8Array {
  const length = Number(new DataView(safetensors.buffer, safetensors.byteOffset).getBigUint64(0, true))
  const text = new TextDecoder().decode(safetensors.subarray(8, 8 + length))
  const { 'backbone.embeddings.weight': embedding, ...rest } = JSON.parse(text) as Header
  if (embedding === undefined) throw new Error('the case has an embedding')
  const data = safetensors.subarray(8 + length)
  const copy = data.subarray(...embedding.data_offsets)
  const head = { ...embedding, data_offsets: [data.length, data.length + copy.length] }
  const header = new TextEncoder().encode(
    JSON.stringify({ ...rest, 'backbone.embedding.weight': embedding, 'lm_head.weight': head }),
  )
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(header.length), true)
  return Uint8Array.from([...size, ...header, ...data, ...copy])
}

test('a checkpoint in the original naming gives the weights of the same one in transformers’ naming', async () => {
  const files = await referenceCheckpoint('mamba')
  // 283 is padded to the 288 rows there are.
  const config = { d_model: 64, n_layer: 2, vocab_size: 283, ssm_cfg: {}, rms_norm: true, pad_vocab_size_multiple: 8 }
  const original = {
    ...files,
    'config.json': new TextEncoder().encode(JSON.stringify(config)),
    'model.safetensors': renamed(files['model.safetensors'] as Uint8Array),
  }
  const [one, other] = [await compiled(files), await compiled(original)]
  for (const name of [...one.keys()].filter((file) => /^params_shard|^tensor-cache|^library/.test(file)))
    expect(Buffer.from(other.get(name) ?? []).equals(one.get(name) ?? new Uint8Array(1)), name).toBe(true)
  expect([...other.keys()].sort()).toEqual([...one.keys()].sort())
})

// A tiny random model of each architecture in MLC's published form becomes a model: its shards stay as they are, everything else is made.
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { makeReady } from '../../../shared/compiler/ready/makeReady.ts'
import { memorySink, memorySource } from '../../support/memorySource.ts'
import { publishedConfigs, tinyPublishedModel } from '../../support/publishedModel.ts'
import { readRuntime } from '../../support/runtime.ts'

const { signal } = new AbortController()
const runtime = await readRuntime()

async function made(files: Readonly<Record<string, Uint8Array | string>>, repository = 'somebody/tiny-q4f16_1-MLC') {
  const sink = memorySink()
  const ready = await makeReady(
    {
      source: memorySource(files),
      sink,
      description: { id: 'somebody/tiny' },
      repository,
      runtime,
      makeLibrary,
      hashers: nodeHashers,
    },
    signal,
  )
  return { ...ready, files: sink.files }
}

test.each(Object.keys(publishedConfigs))(
  '%s: made from what is published, its shards used as they are',
  async (type) => {
    const { files } = await tinyPublishedModel(type, 'q4f16_1', 7)
    const { manifest, used, files: written } = await made(files)
    expect(used.map(({ name }) => name)).toEqual(['params_shard_0.bin'])
    expect([...written.keys()].sort()).toEqual([
      'hearth.json',
      'library.half.wasm',
      'library.portable.wasm',
      'library.software.wasm',
      'mlc-chat-config.json',
      'tensor-cache.json',
      'tokenizer.json',
    ])
    expect(manifest).toMatchObject({ weightFormat: 'q4f16_1', quantization: 'round-to-nearest', variant: 'base' })
  },
)

// A repository on a Hub is said to be what the same files in a folder are said to be, from their headers alone.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import { inspectFolder, inspectRepository } from '../../../../electron/services/inspect/inspect.ts'
import { remoteSource } from '../../../../electron/services/inspect/remoteSource.ts'
import { inspectCheckpoint } from '../../../../shared/inspect/inspect.ts'
import type { InspectionReport } from '../../../../shared/inspect/report.ts'
import { type LocalFile, type LocalHub, startLocalHub } from '../../../hub/localHub.ts'
import { emptyLlama, emptySafetensors, emptyTorch, indexOf, tensorsOf } from '../../../support/emptyCheckpoint.ts'
import { publishedChatConfig, tinyPublishedModel } from '../../../support/publishedModel.ts'
import { smallTokenizer } from '../../../support/referenceCheckpoint.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
type Files = Readonly<Record<string, Uint8Array | string>>

const cleanup: (() => PromiseLike<unknown>)[] = []
afterEach(async () => {
  for (const one of cleanup.splice(0)) await one()
})

async function hubWith(files: Files, id = 'somebody/model') {
  const stored = Object.entries(files).map(([name, content]): LocalFile => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return { name, bytes, large: bytes.byteLength > 10_000 }
  })
  const local = await startLocalHub({
    repositories: [{ id, commit, files: stored, branches: { main: commit } }],
    pageSize: 1000,
  })
  cleanup.push(() => local[Symbol.asyncDispose]())
  const hub = createHub({
    fetch: (url, init) => fetch(url, init),
    endpoint: endpointOf({ HF_ENDPOINT: local.state.hubOrigin }),
    now: () => 0,
  })
  return { local, hub }
}

async function inFolder(files: Files, name = 'somebody/model'): Promise<InspectionReport> {
  const path = await mkdtemp(join(tmpdir(), 'hearth-inspect-'))
  cleanup.push(() => rm(path, { recursive: true }))
  for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content)
  return await inspectFolder({ path, token: 'a token', name }, signal)
}

/** Addresses the file server sent bytes for. */
function sent(local: LocalHub): readonly string[] {
  return local.seen.filter(({ server }) => server === 'files').map(({ headers }) => headers.range ?? 'whole')
}

const tensors = tensorsOf(emptyLlama)
const small = {
  'config.json': JSON.stringify(emptyLlama),
  'tokenizer.json': JSON.stringify(smallTokenizer()),
  'README.md': '---\nlicense: apache-2.0\n---\nHello\n',
  '.gitattributes': '*.bin filter=lfs',
}
const halves = {
  'model-00001-of-00002.safetensors': tensors.slice(0, 1),
  'model-00002-of-00002.safetensors': tensors.slice(1),
}
const sharded = {
  ...small,
  'model.safetensors.index.json': indexOf(halves),
  ...Object.fromEntries(Object.entries(halves).map(([file, shapes]) => [file, emptySafetensors(shapes)])),
}
const forms: readonly (readonly [string, Files, number])[] = [
  ['one safetensors file', { ...small, 'model.safetensors': emptySafetensors(tensors) }, 1],
  ['two shards', sharded, 2],
  ["PyTorch's own form", { ...small, 'pytorch_model.bin': emptyTorch(tensors) }, 2],
]

test.each(forms)('%s: the same answer from a Hub as from a folder, from headers alone', async (_, files, parts) => {
  const { local, hub } = await hubWith(files)
  const remote = await inspectRepository(hub, 'somebody/model', signal)
  const folder = await inFolder(files)
  expect(remote).toEqual({
    ...folder,
    subject: { kind: 'repository', repository: 'somebody/model', commit, isGated: false },
  })
  expect(remote.found).toMatchObject({ obstacle: null, architecture: 'llama', licence: 'apache-2.0' })
  expect(remote.config).toMatchObject({ hidden_size: 64 })
  expect(remote.downloadBytes).toBe(
    Object.entries(files).reduce(
      (sum, [name, content]) => sum + (name === '.gitattributes' ? 0 : Buffer.byteLength(content)),
      0,
    ),
  )
  // A redirect and a part of the file for each header, and never the whole of it.
  expect(sent(local)).toHaveLength(parts)
  const large = Object.values(files).filter((content) => content.length > 1_000_000)
  expect(large.length).toBeGreaterThan(0)
  expect(local.seen.length).toBeLessThanOrEqual(2 + 2 * (Object.keys(files).length + parts))
})

test('a tensor of another shape is found before the download', async () => {
  const [first, ...others] = tensors
  const wrong = [[first?.[0] ?? '', [4096, 64]] as const, ...others]
  for (const weights of [
    { 'model.safetensors': emptySafetensors(wrong) },
    { 'pytorch_model.bin': emptyTorch(wrong) },
  ]) {
    const { hub } = await hubWith({ ...small, ...weights })
    const { found } = await inspectRepository(hub, 'somebody/model', signal)
    expect(found.obstacle).toMatch(/tensor "model\.embed_tokens\.weight"\.shape: \[4096,64\], expected \[8192,64\]/)
  }
})

test('weights in MLC form are inspected as what they are, and only what is needed of them is counted', async () => {
  const { files } = await tinyPublishedModel('llama', 'q4f16_1', 3)
  const all = { ...files, 'logs.txt': 'made', 'params_shard_1.bin.old': 'x' }
  const { hub } = await hubWith(all, 'mlc-ai/tiny-q4f16_1-MLC')
  const report = await inspectRepository(hub, 'mlc-ai/tiny-q4f16_1-MLC', signal)
  expect(report).toMatchObject({
    form: 'ready',
    found: { obstacle: null, architecture: 'llama', weightFiles: [{ name: 'params_shard_0.bin' }] },
    config: { model_type: 'llama', rope_theta: 10_000, max_position_embeddings: 96 },
  })
  expect(report.found.sizes.map(({ format }) => format)).toEqual(['q4f16_1'])
  expect(report.downloadBytes).toBe(Object.values(files).reduce((sum, { length }) => sum + length, 0))
  expect((await inFolder(all, 'mlc-ai/tiny-q4f16_1-MLC')).found).toEqual(report.found)
})

test('weights of an architecture that is not served are named', async () => {
  const published = publishedChatConfig('llama', 'q4f16_1', { model_type: 'qwen2' })
  const { hub } = await hubWith({ 'mlc-chat-config.json': JSON.stringify(published), 'tensor-cache.json': '{}' })
  const { form, found, config } = await inspectRepository(hub, 'somebody/model', signal)
  expect({ form, config }).toEqual({ form: 'ready', config: null })
  expect(found).toMatchObject({ architecture: 'qwen2', sizes: [], weightFiles: [] })
  expect(found.obstacle).toMatch(/^mlc-chat-config\.json: model_type: "qwen2" is no architecture that runs here/)
})

test.each([
  ['a LoRA adapter', ['adapter_config.json', 'adapter_model.safetensors'], /adapter \(LoRA\)/],
  ['GGUF alone', ['model.Q4_K_M.gguf'], /GGUF/],
  ['TensorFlow alone', ['config.json', 'tf_model.h5'], /TensorFlow/],
])('%s is named as such', async (_, names, expected) => {
  const { hub } = await hubWith(Object.fromEntries(names.map((name) => [name, '{}'])))
  expect((await inspectRepository(hub, 'somebody/model', signal)).found.obstacle).toMatch(expected)
})

test('a repository of the catalogue is told, and a gated one says so', async () => {
  const { hub, local } = await hubWith(small, 'EleutherAI/pythia-70m')
  expect(await inspectRepository(hub, 'EleutherAI/pythia-70m', signal)).toMatchObject({
    catalogVariant: { id: 'pythia-70m', kind: 'base' },
    found: { variant: { kind: 'base' } },
  })
  expect(local.seen.some(({ headers }) => headers.authorization !== undefined)).toBe(false)
})

test('what a repository can make the app ask is bounded', async () => {
  const { hub } = await hubWith(sharded)
  const files = await hub.listFiles({ id: 'somebody/model', commit }, signal)
  for (const limits of [
    { requests: 3, bytes: 1e9 },
    { requests: 100, bytes: 20_000 },
  ]) {
    const source = remoteSource(hub, { id: 'somebody/model', commit, files }, limits)
    const looked = inspectCheckpoint(source, 'somebody/model', signal, 'outline')
    await expect(looked).rejects.toThrow(/looking at it takes more than/)
    await expect(looked).rejects.toBeInstanceOf(HubError)
  }
})

test('a header that lies about its length and a file server that ignores ranges end in one sentence', async () => {
  const lying = emptySafetensors(tensors)
  new DataView(lying.buffer).setBigUint64(0, 90_000_000n, true)
  const { hub, local } = await hubWith({ ...small, 'model.safetensors': lying })
  expect((await inspectRepository(hub, 'somebody/model', signal)).found.obstacle).toMatch(/header length/)
  local.fault = ({ server, headers }, response) => {
    if (server !== 'files' || headers.range === undefined) return false
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>')
    return true
  }
  const torch = await hubWith({ ...small, 'pytorch_model.bin': emptyTorch(tensors) })
  torch.local.fault = local.fault
  const looked = inspectRepository(torch.hub, 'somebody/model', signal)
  await expect(looked).rejects.toBeInstanceOf(HubError)
})

// The runtime under unmodified web-llm, with a model whose every logit can be predicted.
import { expect, test } from 'vitest'
import { packLibrary } from '../../shared/compiler/library/packLibrary.ts'
import { readRuntime } from '../support/runtime.ts'
import { toyVocabulary } from '../support/toyKernels.ts'
import { type ToyOptions, toyLogits, toyModel, toyText } from '../support/toyModel.ts'
import { loadEngine, recordLogits } from '../support/webLlm.ts'

const seed = 7
const runtime = await readRuntime()
const prompt = [10, 20, 30, 40, 50]

async function loadToy(options: Partial<ToyOptions> = {}) {
  const toy = toyModel({ seed, ...options })
  const recorded = recordLogits()
  const library = packLibrary(runtime, toy.plan)
  const engine = await loadEngine({ files: toy.files, library, logitProcessor: recorded.processor })
  return { engine, table: toy.table, logits: recorded.logits }
}

type Engine = Awaited<ReturnType<typeof loadEngine>>

/** Greedy continuation by the model's definition. */
function expectedIds(table: Float32Array, start: readonly number[], length: number): readonly number[] {
  const tokens = [...start]
  for (let step = 0; step < length; step++) {
    const logits = toyLogits(table, tokens)
    tokens.push(logits.indexOf(Math.max(...logits)))
  }
  return tokens.slice(start.length)
}

/** What is alive in the library, and its memory: its exports are reachable through the engine's private fields. */
function libraryUsage(engine: Engine): Readonly<Record<string, number>> {
  const pipelines: ReadonlyMap<string, object> = Reflect.get(engine, 'loadedModelIdToPipeline')
  const exported: Readonly<Record<string, () => number>> & { readonly memory: WebAssembly.Memory } = Reflect.get(
    Reflect.get(pipelines.get('model') ?? {}, 'tvm'),
    'exports',
  )
  const count = (name: string) => {
    const read = exported[name]
    if (read === undefined) throw new Error(`the library does not export ${name}`)
    return [name, read()] as const
  }
  const names = ['hearthLiveObjects', 'hearthLiveBlocks', 'hearthGpuBuffers', 'hearthPooledStorages']
  return { ...Object.fromEntries(names.map(count)), memoryBytes: exported.memory.buffer.byteLength }
}

async function complete(engine: Engine, ids: readonly number[], length: number, more: object = {}): Promise<string> {
  const reply = await engine.completions.create({ prompt: toyText(ids), max_tokens: length, temperature: 0, ...more })
  return reply.choices[0]?.text ?? ''
}

test('a packed library loads and completes as the model says, twice and after a reload, with exact logits', async () => {
  const { engine, table, logits } = await loadToy()
  const ids = expectedIds(table, prompt, 12)
  expect(await complete(engine, prompt, 12)).toBe(toyText(ids))
  const expected = ids.map((_, index) => toyLogits(table, [...prompt, ...ids.slice(0, index)]))
  expect(logits).toEqual(expected)
  expect(await complete(engine, prompt, 12)).toBe(toyText(ids))
  await engine.reload('model')
  expect(await complete(engine, prompt, 12)).toBe(toyText(ids))
  await engine.unload()
})

test('a chat takes turns on top of its cache, streaming or not', async () => {
  const { engine, table } = await loadToy()
  // <s> w3 <text> _ w4: prefix, role, text, separator, role of the reply.
  const turn = (text: number) => [3, text, 4]
  const first = expectedIds(table, [1, ...turn(30)], 6)
  const one = await engine.chat.completions.create({
    messages: [{ role: 'user', content: 'w30' }],
    max_tokens: 6,
    temperature: 0,
  })
  expect(one.choices[0]?.message.content).toBe(toyText(first))
  const messages = [
    { role: 'user' as const, content: 'w30' },
    { role: 'assistant' as const, content: one.choices[0]?.message.content ?? '' },
    { role: 'user' as const, content: 'w31' },
  ]
  const stream = await engine.chat.completions.create({ messages, max_tokens: 5, temperature: 0, stream: true })
  let text = ''
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
  expect(text).toBe(toyText(expectedIds(table, [1, ...turn(30), ...first, ...turn(31)], 5)))
  await engine.unload()
})

test('a prompt of several chunks and a chunk of one token give the same logits', async () => {
  for (const chunkTokens of [4, 9, 64]) {
    const { engine, table, logits } = await loadToy({ chunkTokens })
    const long = Array.from({ length: 37 }, (_, index) => 3 + ((index * 7) % 50))
    expect(await complete(engine, long, 3)).toBe(toyText(expectedIds(table, long, 3)))
    expect(logits[0]).toEqual(toyLogits(table, long))
    await engine.unload()
  }
})

test('forwardTokensAndSample gives the logits of each position', async () => {
  const { engine, table, logits } = await loadToy()
  await engine.forwardTokensAndSample(prompt, true)
  await engine.forwardTokensAndSample([7], false)
  expect(logits).toEqual([toyLogits(table, prompt), toyLogits(table, [...prompt, 7])])
  await engine.unload()
})

test('a recurrent state, alone or beside a cache, follows prompts in chunks, decoding, turns and new conversations', async () => {
  for (const state of ['rnn_state', 'hybrid'] as const) {
    for (const batch of state === 'hybrid' ? [true] : [false, true]) {
      const { engine, table, logits } = await loadToy({ state, batch, chunkTokens: 9 })
      const long = Array.from({ length: 37 }, (_, index) => 3 + ((index * 7) % 50))
      expect(await complete(engine, long, 6)).toBe(toyText(expectedIds(table, long, 6)))
      expect(logits[0]).toEqual(toyLogits(table, long))
      logits.length = 0
      expect(await complete(engine, prompt, 6)).toBe(toyText(expectedIds(table, prompt, 6)))
      expect(logits[0]).toEqual(toyLogits(table, prompt))
      expect(await complete(engine, [9], 3)).toBe(toyText(expectedIds(table, [9], 3)))
      await engine.reload('model')
      expect(await complete(engine, prompt, 6)).toBe(toyText(expectedIds(table, prompt, 6)))
      await engine.unload()
    }
  }
})

test('a sliding window runs far past its size, with the tokens it still holds', async () => {
  const { engine, table, logits } = await loadToy({ slidingWindowTokens: 32, chunkTokens: 16 })
  const capacity = 48
  await engine.forwardTokensAndSample(prompt, true)
  const tokens = [...prompt]
  for (let step = 0; step < 120; step++) {
    const next = 3 + (step % 60)
    tokens.push(next)
    await engine.forwardTokensAndSample([next], false)
    if (step % 30 === 29) expect(logits.at(-1)).toEqual(toyLogits(table, tokens.slice(-capacity)))
  }
  await engine.unload()
})

test('logit bias, penalties, a grammar and log probabilities go through the library', async () => {
  const { engine, table } = await loadToy()
  expect(await complete(engine, prompt, 3, { logit_bias: { '33': 100 } })).toBe('w33 w33 w33')
  const ids = await complete(engine, prompt, 6, { presence_penalty: 2, frequency_penalty: 2 })
  expect(new Set(ids.split(' ')).size).toBe(6)
  const logits = toyLogits(table, prompt)
  const best = logits.indexOf(Math.max(...logits))
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - Math.max(...logits)), 0)
  const reply = await engine.completions.create({
    prompt: toyText(prompt),
    max_tokens: 1,
    temperature: 1,
    top_p: 0.01,
    logprobs: true,
    top_logprobs: 3,
  })
  const [entry] = reply.choices[0]?.logprobs?.content ?? []
  expect(entry?.token).toBe(`w${best}`)
  expect(entry?.logprob).toBeCloseTo(-Math.log(sum), 4)
  // No word of the vocabulary is a prefix of these: w1 and w2 are special tokens.
  const words = ['w12', 'w25', 'w11']
  const grammar = `root ::= "${words.join('" "')}"`
  const chosen = await engine.chat.completions.create({
    messages: [{ role: 'user', content: 'w9' }],
    response_format: { type: 'grammar', grammar },
    temperature: 0,
  })
  expect(chosen.choices[0]?.message.content).toBe(words.join(' '))
  await engine.unload()
})

test('libraries that have only the batch functions work the same', async () => {
  const { engine, table } = await loadToy({ batch: true })
  expect(await complete(engine, prompt, 8)).toBe(toyText(expectedIds(table, prompt, 8)))
  await engine.unload()
})

test('no GPU buffer is made or destroyed and the memory does not grow while tokens come', async () => {
  const { engine, table } = await loadToy({ contextTokens: 1024 })
  await complete(engine, prompt, 8, { presence_penalty: 0.5 })
  const before = libraryUsage(engine)
  const counts = { created: 0, destroyed: 0 }
  const { createBuffer } = GPUDevice.prototype
  const { destroy } = GPUBuffer.prototype
  GPUDevice.prototype.createBuffer = function (descriptor) {
    counts.created++
    return createBuffer.call(this, descriptor)
  }
  GPUBuffer.prototype.destroy = function () {
    counts.destroyed++
    destroy.call(this)
  }
  try {
    expect(await complete(engine, prompt, 100)).toBe(toyText(expectedIds(table, prompt, 100)))
  } finally {
    GPUDevice.prototype.createBuffer = createBuffer
    GPUBuffer.prototype.destroy = destroy
  }
  expect(counts).toEqual({ created: 0, destroyed: 0 })
  expect(libraryUsage(engine)).toEqual(before)
  await engine.unload()
})

test('a load that cannot work says why', async () => {
  const toy = toyModel({ seed })
  const library = packLibrary(runtime, toy.plan)
  const renamed = { ...toy.plan, metadata: { ...toy.plan.metadata, params: [{ name: 'model.norm.weight' }] } }
  await expect(loadEngine({ files: toy.files, library: packLibrary(runtime, renamed) })).rejects.toThrow(
    'the weights have no parameter model.norm.weight',
  )
  const config = toy.files.get('mlc-chat-config.json')
  const wider = { ...JSON.parse(new TextDecoder().decode(config)), vocab_size: toyVocabulary + 1 }
  const files = new Map([
    ...toy.files,
    ['mlc-chat-config.json', new TextEncoder().encode(JSON.stringify(wider))] as const,
  ])
  const engine = await loadEngine({ files, library })
  await expect(complete(engine, prompt, 1)).rejects.toThrow(
    'a view of 260 bytes at offset 0 exceeds its tensor of 256 bytes',
  )
  const missing = new Map([...toy.files].filter(([name]) => name !== 'params_shard_0.bin'))
  await expect(loadEngine({ files: missing, library })).rejects.toThrow('params_shard_0.bin')
})

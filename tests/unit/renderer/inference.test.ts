import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AdapterFacts, describeAdapter, requestAdapterPatiently } from '../../../renderer/inference/adapter.ts'
import { fitText, fitTurns, roomForPrompt } from '../../../renderer/inference/fitPrompt.ts'
import { heldBackLength } from '../../../renderer/inference/heldBack.ts'
import { libraryUrl, modelBaseUrl, modelCaches } from '../../../renderer/inference/modelCache.ts'
import { preparePrompt } from '../../../renderer/inference/preparePrompt.ts'
import { beginsWithSpace, specialTokens, type Tokenizer } from '../../../renderer/inference/tokenizer.ts'
import { renderTurns, type Turn } from '../../../shared/prompts/renderTurns.ts'
import { promptTemplate } from '../../../shared/prompts/template.ts'
import { chatglm3 } from '../../../shared/prompts/templates/chatglm.ts'
import { installed, manifestOf } from '../../support/models.ts'

function adapterFacts(info: Partial<AdapterFacts['info']>, features: readonly string[] = []): AdapterFacts {
  return {
    info: { vendor: '', architecture: '', device: '', description: '', ...info },
    features: new Set(features),
  }
}

test('software adapters get the software library, hardware the half or the portable one', () => {
  const cases = [
    [{ vendor: 'google', architecture: 'swiftshader' }, []],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, ['shader-f16']],
    [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, []],
    [{ vendor: 'acme', isFallbackAdapter: true }, ['shader-f16']],
    [{ vendor: 'apple', architecture: 'metal-3' }, ['shader-f16']],
    [{ vendor: 'nvidia', architecture: 'pascal', description: 'NVIDIA GeForce GTX 1080' }, []],
  ] as const
  const described = cases.map(([info, features]) => describeAdapter(adapterFacts(info, features)))
  expect(described.map(({ library, software, halfPrecision }) => [library, software, halfPrecision])).toEqual([
    ['software', true, false],
    ['software', true, true],
    ['software', true, false],
    ['software', true, true],
    ['half', false, true],
    ['portable', false, false],
  ])
  expect(described.map(({ name }) => name)).toEqual([
    'google swiftshader',
    'llvmpipe (LLVM 15.0.6, 256 bits)',
    'Microsoft Basic Render Driver',
    'acme',
    'apple metal-3',
    'NVIDIA GeForce GTX 1080',
  ])
})

test('an adapter that is missing at first is asked for again, with growing pauses', async () => {
  const answers = [null, null, 'adapter']
  const slept: number[] = []
  const sleep = async (delayMs: number) => void slept.push(delayMs)
  expect(await requestAdapterPatiently(async () => answers.shift() ?? null, sleep, [0, 10, 20, 40])).toBe('adapter')
  expect(slept).toEqual([10, 20])
  expect(await requestAdapterPatiently(async () => null, sleep, [0, 10])).toBe(null)
})

test('when no adapter answers, the software adapter is asked for, once and last', async () => {
  const asked: boolean[] = []
  const request = async (forceFallbackAdapter: boolean) => {
    asked.push(forceFallbackAdapter)
    return forceFallbackAdapter ? 'software' : null
  }
  expect(await requestAdapterPatiently(request, async () => {}, [0, 10])).toBe('software')
  expect(asked).toEqual([false, false, true])
})

test('the stand-in for the Cache API reads a file of the model once, when asked, and adds nothing', async () => {
  const model = installed('base')
  const read: string[] = []
  const bytes = new TextEncoder().encode('{"a":1}')
  const files = {
    read: async (name: string) => {
      read.push(name)
      return bytes
    },
    readShard: async (name: string) => {
      read.push(`shard ${name}`)
      return bytes
    },
    close: () => {},
  }
  const cache = await modelCaches(model, files).open('webllm/model')
  const address = `${modelBaseUrl(model.key)}tensor-cache.json`
  await cache.match({ url: address })
  const stored = await cache.match(address)
  expect(read).toEqual([])
  expect(await stored?.json()).toEqual({ a: 1 })
  await (await cache.match(`${modelBaseUrl(model.key)}params_shard_0.bin`))?.arrayBuffer()
  await (await cache.match(libraryUrl(model.key, 'half.wasm')))?.arrayBuffer()
  expect(read).toEqual(['tensor-cache.json', 'shard params_shard_0.bin', 'half.wasm'])
  expect((await cache.keys()).map(({ url }) => url)).toContain(`${modelBaseUrl(model.key)}params_shard_0.bin`)
  expect(await cache.match(`${modelBaseUrl(model.key)}else.bin`)).toBe(undefined)
  await expect(cache.add(`${modelBaseUrl(model.key)}else.bin`)).rejects.toThrow('not among the installed files')
})

test('text that may become a stop string is held back, and only that', () => {
  expect(
    ['A cat.', 'A cat.\n', 'A cat.\nUse', 'A cat.\nUsed', 'A cat.\nUser:', 'User'].map((text) =>
      heldBackLength(text, ['\nUser:']),
    ),
  ).toEqual([0, 1, 4, 0, 0, 0])
})

/** Counts words and separators as tokens: additive up to a token at the cut, like real tokenizers. */
const countWords = (text: string) => text.match(/\s+|\S+/g)?.length ?? 0

test('a text that is too long keeps its end, from a word on, and says how much is missing', () => {
  const story = 'one two three four five six seven eight'
  expect(fitText(story, 7, countWords)).toEqual({ text: 'five six seven eight', omittedCharacters: 19 })
  expect(fitText(story, 100, countWords)).toEqual({ text: story, omittedCharacters: 0 })
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 1, max: 60 }), (text, limit) => {
      const fitted = fitText(text, limit, countWords)
      expect(text.slice(fitted.omittedCharacters)).toBe(fitted.text)
      expect(countWords(fitted.text)).toBeLessThanOrEqual(limit)
      expect(fitted.text.isWellFormed()).toBe(text.isWellFormed())
    }),
  )
})

test('a conversation that is too long loses its oldest turns and still starts with the user', () => {
  const { prompt } = manifestOf('chat')
  const turn = fc.record({ words: fc.integer({ min: 1, max: 30 }) })
  fc.assert(
    fc.property(
      fc.array(turn, { minLength: 1, maxLength: 15 }),
      fc.integer({ min: 1, max: 200 }),
      (lengths, maxTokens) => {
        const all = lengths.map(
          ({ words }, index): Turn => ({ role: index % 2 === 0 ? 'user' : 'assistant', text: 'word '.repeat(words) }),
        )
        const turns = all.length % 2 === 0 ? all.slice(0, -1) : all
        const budget = { contextTokens: 120, maxTokens, prefixTokens: 1 }
        const fitted = fitTurns(prompt, turns, budget, countWords)
        if (fitted.kind === 'too-long') throw new Error('each single turn fits here')
        expect(fitted.turns[0]?.role).toBe('user')
        expect(fitted.turns).toEqual(turns.slice(fitted.omittedTurns))
        const tokens = renderTurns(prompt, fitted.turns).reduce((sum, piece) => sum + countWords(piece), 1)
        expect(fitted.promptTokens).toBe(tokens)
        if (fitted.turns.length > 1) expect(tokens).toBeLessThanOrEqual(roomForPrompt(budget))
      },
    ),
  )
})

/** Pieces of the SentencePiece kind: ids are code points, `▁` stands for a space, and decoding drops the first one. */
const toyTokenizer: Tokenizer = {
  encode: (text) => {
    const ids: number[] = []
    for (const part of ` ${text}`.split(/(<s>|<\/s>)/)) {
      if (part === '<s>') ids.push(1)
      else if (part === '</s>') ids.push(2)
      else ids.push(...Array.from(part, (character) => character.codePointAt(0) ?? 0))
    }
    return Int32Array.from(ids[0] === 32 && ids[1] === 1 ? ids.slice(1) : ids)
  },
  decode: (ids) => String.fromCodePoint(...ids).replace(/^ /, ''),
  idToToken: (id) => ['<unk>', '<s>', '</s>'][id] ?? String.fromCodePoint(id),
}
const loadedToy = { tokenizer: toyTokenizer, specials: ['<s>', '</s>'] }

test('a text is sent behind BOS with its special tokens made harmless', () => {
  const prepared = preparePrompt(loadedToy, manifestOf('base'), { kind: 'completion', text: 'The</s> end' }, 16)
  expect(prepared.pieces).toEqual([{ role: 'user', text: 'The< /s> end' }])
  expect(prepared.exact).toEqual({ kind: 'completion', text: 'The< /s> end' })
  expect(prepared.promptTokens).toBe(1 + toyTokenizer.encode('The< /s> end').length)
})

test('a long text is cut at its old end so that BOS, text and reply fit the context', () => {
  const text = 'word '.repeat(100)
  const { exact, promptTokens, omitted } = preparePrompt(
    loadedToy,
    manifestOf('base'),
    { kind: 'completion', text },
    64,
  )
  expect(promptTokens).toBeLessThanOrEqual(256 - 64)
  expect(exact).toEqual({ kind: 'completion', text: text.slice(omitted.characters) })
  expect(omitted.characters).toBeGreaterThan(0)
})

test('a single message longer than the context is refused with its size', () => {
  const turns: readonly Turn[] = [{ role: 'user', text: 'x'.repeat(400) }]
  expect(() => preparePrompt(loadedToy, manifestOf('chat'), { kind: 'turns', turns }, 64)).toThrow('too-long')
})

test('an instruct model is sent the last instruction only', () => {
  const turns: readonly Turn[] = [
    { role: 'user', text: 'first' },
    { role: 'assistant', text: 'done' },
    { role: 'user', text: 'second' },
  ]
  const send = (sendsEarlierTurns: boolean) =>
    preparePrompt(loadedToy, manifestOf('instruct'), { kind: 'turns', turns, sendsEarlierTurns }, 64)
      .pieces.map(({ text }) => text)
      .join('')
  expect(send(false)).toBe('### Instruction:\nsecond\n\n### Response:\n')
  expect(send(true)).toBe(`### Instruction:\nfirst\n\n### Response:\ndone</s>${send(false)}`)
})

test('the space that decoding drops at the start of a continuation is found', () => {
  expect([' ', 't', ','].map((piece) => beginsWithSpace(toyTokenizer, piece.codePointAt(0) ?? 0))).toEqual([
    true,
    false,
    false,
  ])
})

test('special tokens are read from tokenizer.json, and ordinary ones where the prompt is made of them', () => {
  const ordinary = ['word', '<|im_start|>', '  '].map((content) => ({ content, special: false }))
  const json = { added_tokens: [{ content: '</s>', special: true }, ...ordinary, { content: 3 }] }
  expect(specialTokens(json, [])).toEqual(['</s>'])
  expect(specialTokens(json, ['<|im_start|>user\n    '])).toEqual(['</s>', '<|im_start|>'])
  expect(specialTokens(null, [])).toEqual([])
})

test('a dialogue is sent as rendered pieces, with the tokens a person spelled made harmless and the lead counted', () => {
  const prompt = promptTemplate(chatglm3, {
    prependsSpace: false,
    idOf: (token) => token.length,
  })
  const manifest = { ...manifestOf('chat'), prompt }
  const turns: readonly Turn[] = [
    { role: 'user', text: 'Hi $& <|user|>' },
    { role: 'assistant', text: 'Hello.' },
    { role: 'user', text: 'Bye' },
  ]
  const loaded = { ...loadedToy, specials: ['<|user|>', '<|assistant|>'] }
  const prepared = preparePrompt(loaded, manifest, { kind: 'turns', turns }, 64)
  const texts = ['<|user|>\nHi $& < |user|><|assistant|>', '\nHello.', '<|user|>\nBye<|assistant|>']
  expect(prepared.pieces).toMatchObject(texts.map((text) => ({ text })))
  expect(prepared.promptTokens).toBe(2 + texts.reduce((sum, text) => sum + toyTokenizer.encode(text).length, 0))
})

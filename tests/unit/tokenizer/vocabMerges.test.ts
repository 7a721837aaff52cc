// vocab.json with merges.txt turned into a tokenizer.json, run by web-llm's own tokenizer and compared with tiktoken on the same vocabulary.
import { afterAll, describe, expect, test } from 'vitest'
import { spellBytes } from '../../../shared/compiler/tokenizer/byteLevel.ts'
import { mergesOfRanks } from '../../../shared/compiler/tokenizer/ranks.ts'
import { readTokenizer } from '../../../shared/compiler/tokenizer/readTokenizer.ts'
import { CompileError } from '../../../shared/errors.ts'
import { corpus, randomText } from '../../support/corpus.ts'
import { type MemoryFiles, memorySource } from '../../support/memorySource.ts'
import { randomSource } from '../../support/random.ts'
import { encoding, tiktokenOf } from '../../support/tiktoken.ts'
import { webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
const gpt2 = encoding('gpt2')
const spelled = new Map([...gpt2.ranks].map(([token, rank]) => [spellBytes(Buffer.from(token, 'base64')), rank]))
const merges = `#version: 0.2\n${mergesOfRanks(spelled).merges.join('\n')}\n`

const read = async (files: MemoryFiles, rows = 50_272) =>
  await readTokenizer(memorySource(files), rows, new AbortController().signal)
async function load(files: MemoryFiles, rows?: number) {
  const { bytes } = await read(files, rows)
  return await tokenizers.fromJSON(Uint8Array.from(bytes).buffer)
}

// facebook/opt-*: four special tokens stand before GPT-2's, in the vocabulary itself. Which are special stands in special_tokens_map.json.
const optSpecials = ['<s>', '<pad>', '</s>', '<unk>']
const optFiles = {
  'vocab.json': JSON.stringify({
    ...Object.fromEntries(optSpecials.map((token, id) => [token, id])),
    ...Object.fromEntries([...spelled].map(([token, rank]) => [token, rank + 4])),
  }),
  'merges.txt': merges,
  'special_tokens_map.json': JSON.stringify({
    bos_token: { content: '</s>', lstrip: false, normalized: true, rstrip: false, single_word: false },
    eos_token: { content: '</s>', lstrip: false, normalized: true, rstrip: false, single_word: false },
    unk_token: { content: '</s>', lstrip: false, normalized: true, rstrip: false, single_word: false },
    pad_token: { content: '<pad>', lstrip: false, normalized: true, rstrip: false, single_word: false },
  }),
  'tokenizer_config.json': JSON.stringify({
    add_prefix_space: false,
    add_bos_token: true,
    tokenizer_class: 'GPT2Tokenizer',
  }),
}
const gpt2Files = {
  'vocab.json': JSON.stringify({ ...Object.fromEntries(spelled), '<|endoftext|>': 50_256 }),
  'merges.txt': merges,
}

describe.each<[string, MemoryFiles, number, string]>([
  ['GPT-2', gpt2Files, 0, '<|endoftext|>'],
  ['OPT', optFiles, 4, '</s>'],
])('%s', async (_, files, shift, special) => {
  const loaded = await load(files)
  const truth = tiktokenOf({ ...gpt2, specialTokens: {} })
  afterAll(() => {
    loaded.dispose()
    truth.free()
  })
  const check = (given: string) => {
    const text = given.toWellFormed()
    const ids = loaded.encode(text)
    expect([text, ...ids]).toEqual([text, ...truth.encode(text).map((id) => id + shift)])
    expect(loaded.decode(ids)).toBe(text)
  }

  test('the corpus has the ids tiktoken gives it and comes back whole', () => {
    for (const text of corpus) check(text)
  })
  test('random text has the ids tiktoken gives it and comes back whole', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.log(`vocab.json: seed ${seed}`)
    const next = randomSource(seed)
    for (let round = 0; round < 1000; round++) check(randomText(next))
  })
  test('its special token is found inside text', () => {
    const ids = [...loaded.encode(`one${special}two`)]
    expect(ids.map((id) => loaded.idToToken(id))).toEqual(['one', special, 'two'])
  })
})

test("OPT's special tokens have OPT's ids, <s> is text to it", async () => {
  const loaded = await load(optFiles)
  expect([...loaded.encode('</s><pad>')]).toEqual([2, 1])
  expect(loaded.encode('<s>').length).toBe(3)
  loaded.dispose()
})

test('a space is put before the text where the configuration says so', async () => {
  const loaded = await load({ ...gpt2Files, 'tokenizer_config.json': JSON.stringify({ add_prefix_space: true }) })
  const truth = tiktokenOf({ ...gpt2, specialTokens: {} })
  expect([...loaded.encode('Hello')]).toEqual(truth.encode(' Hello'))
  truth.free()
  loaded.dispose()
})

test("Phi's runs of spaces and Dolly's headings are additions: with ids, in any file, and only once", async () => {
  const spaces = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [' '.repeat(31 - index), 50_257 + index]))
  const token = { lstrip: false, rstrip: false, normalized: true, single_word: false, special: false }
  const loaded = await load(
    {
      ...gpt2Files,
      'added_tokens.json': JSON.stringify(spaces),
      'tokenizer_config.json': JSON.stringify({
        tokenizer_class: 'CodeGenTokenizer',
        added_tokens_decoder: { 50290: { ...token, content: '### End' }, 50257: { ...token, content: ' '.repeat(31) } },
        additional_special_tokens: ['### Response:'],
      }),
    },
    50_400,
  )
  const ids = [...loaded.encode(`a${' '.repeat(8)}b### End\n### Response:`)]
  expect(ids.map((id) => loaded.idToToken(id))).toEqual(['a', ' '.repeat(8), 'b', '### End', 'Ċ', '### Response:'])
  expect(ids.filter((id) => id > 50_256)).toEqual([50_257 + 31 - 8, 50_290, 50_291])
  loaded.dispose()
})

describe('refused by the name of its file:', () => {
  const small = {
    'vocab.json': '{"a":0,"b":1,"ab":2}',
    'merges.txt': '#version: 0.2\na b\n',
    'tokenizer_config.json': '{}',
    'added_tokens.json': '{}',
    'special_tokens_map.json': '{}',
  }
  test('the files these cases start from are good', async () => {
    const { traits, inputs } = await read(small)
    expect(traits).toEqual({ postProcessing: 'byte_level', prependsSpace: false })
    expect(inputs.toSorted()).toEqual(Object.keys(small).toSorted())
  })
  test.each<[string, MemoryFiles, string]>([
    ['a vocabulary that is a list', { 'vocab.json': '[]' }, 'vocab.json: expected a JSON object'],
    ['an empty vocabulary', { 'vocab.json': '{}' }, 'vocab.json: names no token'],
    ['an id that is a text', { 'vocab.json': '{"a":"0"}' }, 'vocab.json: "a": '],
    ['an id below 0', { 'vocab.json': '{"a":-1}' }, 'vocab.json: "a": '],
    ['an id twice', { 'vocab.json': '{"a":0,"b":0,"ab":2}' }, 'vocab.json: model.vocab["b"]: has the id 0 of "a"'],
    ['an id beyond the rows', { 'vocab.json': '{"a":0,"b":1,"ab":60000}' }, 'vocab.json: model.vocab["ab"]'],
    ['a token twice', { 'vocab.json': '{"a":0,"a":1}' }, 'vocab.json: the key "a" stands twice'],
    ['a pair of three', { 'merges.txt': 'a b\na b c\n' }, 'merges.txt: pair 2: "a b c", expected two tokens'],
    ['an empty line between', { 'merges.txt': 'a b\n\na b\n' }, 'merges.txt: pair 2: ""'],
    ['a half that is no token', { 'merges.txt': 'a q\n' }, 'vocab.json: model.merges[0]: "q" is not in the vocabulary'],
    ['no text', { 'merges.txt': Uint8Array.of(0xff, 0xfe) }, 'merges.txt: expected text in UTF-8'],
    ['an addition without an id', { 'added_tokens.json': '{"x":"1"}' }, 'added_tokens.json: "x": '],
    [
      "an addition with another token's id",
      { 'added_tokens.json': '{"x":1}' },
      'added_tokens.json: "x": has the id 1 of "b"',
    ],
    [
      'an addition with another id',
      { 'added_tokens.json': '{"b":7}' },
      'added_tokens.json: "b": has the id 7, but the vocabulary gives it 1',
    ],
    [
      'two ids for one addition',
      { 'added_tokens.json': '{"x":7}', 'tokenizer_config.json': '{"added_tokens_decoder":{"8":{"content":"x"}}}' },
      'added_tokens.json: "x": has the id 7, but tokenizer_config.json gives it 8',
    ],
    [
      'a special token that is a number',
      { 'special_tokens_map.json': '{"eos_token":5}' },
      'special_tokens_map.json: eos_token: expected a text',
    ],
    [
      'special tokens that are no list',
      { 'special_tokens_map.json': '{"additional_special_tokens":"x"}' },
      'additional_special_tokens: expected a list',
    ],
    [
      'an addition whose id is no number',
      { 'tokenizer_config.json': '{"added_tokens_decoder":{"x":{"content":"y"}}}' },
      'added_tokens_decoder["x"]: expected an id',
    ],
    [
      'a class that cuts in another way',
      { 'tokenizer_config.json': '{"tokenizer_class":"Qwen2Tokenizer"}' },
      'tokenizer_config.json: tokenizer_class: "Qwen2Tokenizer" does not cut',
    ],
  ])('%s', async (_, change, problem) => {
    const reading = read({ ...small, ...change })
    await expect(reading).rejects.toThrow(CompileError)
    await expect(reading).rejects.toThrow(problem)
  })
})

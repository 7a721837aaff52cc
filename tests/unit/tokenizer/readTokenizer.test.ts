// Which file is taken, what is said when there is none, and a published tokenizer.json that does not fit its model.
import { describe, expect, test } from 'vitest'
import { readTokenizer } from '../../../shared/compiler/tokenizer/readTokenizer.ts'
import { CompileError } from '../../../shared/errors.ts'
import { type MemoryFiles, memorySource } from '../../support/memorySource.ts'
import { smallTokenizer } from '../../support/referenceCheckpoint.ts'
import { webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
const read = async (files: MemoryFiles, rows = 256) =>
  await readTokenizer(memorySource(files), rows, new AbortController().signal)
const added = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
})
const withAdded = (...tokens: object[]) => ({ ...smallTokenizer(), added_tokens: tokens })

test('the first of the known files is read, whatever else lies there', async () => {
  const json = `${JSON.stringify(smallTokenizer(), null, 1)} `
  const everything = {
    'tokenizer.json': json,
    'tokenizer.model': 'x',
    'vocab.json': 'x',
    'merges.txt': 'x',
    'added_tokens.json': 'x',
  }
  const { name, bytes, inputs } = await read(everything)
  expect([name, new TextDecoder().decode(bytes), inputs]).toEqual(['tokenizer.json', json, ['tokenizer.json']])
  const order = [
    'tokenizer.model',
    'merges.txt',
    'qwen.tiktoken',
    'r50k_base.tiktoken',
    'ice_text.model',
    'tokenizer_vocab.json',
  ]
  const contents: MemoryFiles = {
    'vocab.json': '{"a":0}',
    ...Object.fromEntries(order.map((file) => [file, '\u0003'])),
  }
  for (const [index, file] of order.entries()) {
    const rest = Object.fromEntries(
      Object.entries(contents).filter(([one]) => order.indexOf(one) >= index || one === 'vocab.json'),
    )
    await expect(read(rest)).rejects.toThrow(`${file}: `)
  }
})

describe('what to put beside the weights is said', () => {
  test.each<[string, MemoryFiles, string]>([
    [
      'for Mamba',
      { 'config.json': '{}' },
      'tokenizer.json: not found, and no other tokenizer: put the one of this model beside the weights (for Mamba',
    ],
    ['for Qwen', { 'tokenization_qwen.py': '' }, 'qwen.tiktoken: not found'],
    ['for XGen', { 'tokenization_xgen.py': '' }, 'r50k_base.tiktoken: not found'],
    [
      'when merges.txt is missing',
      { 'vocab.json': '{}' },
      'merges.txt: not found, and vocab.json is no tokenizer without it',
    ],
    [
      'when vocab.json is missing',
      { 'merges.txt': '' },
      'vocab.json: not found, and merges.txt is no tokenizer without it',
    ],
  ])('%s', async (_, files, problem) => {
    await expect(read(files)).rejects.toThrow(CompileError)
    await expect(read(files)).rejects.toThrow(problem)
  })
})

test('what a clone without Git LFS leaves is named', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:57d9fdbdfa\nsize 1018370\n'
  await expect(read({ 'tokenizer.model': pointer })).rejects.toThrow('tokenizer.model: is only a pointer of Git LFS')
})

test('a file above 64 MiB is refused unread', async () => {
  const source = memorySource({})
  const huge = {
    ...source,
    names: async () => ['tokenizer.json'],
    open: async () => ({ sizeBytes: 2 ** 26 + 1, read: async () => expect.unreachable() }),
  }
  await expect(readTokenizer(huge, 256, new AbortController().signal)).rejects.toThrow(
    'tokenizer.json: 67108865 bytes, expected at most 67108864',
  )
})

describe('a tokenizer.json', () => {
  const load = async (value: object, rows?: number) => {
    const { bytes } = await read({ 'tokenizer.json': JSON.stringify(value) }, rows)
    return await tokenizers.fromJSON(Uint8Array.from(bytes).buffer)
  }
  const size = Object.keys(smallTokenizer().model.vocab).length

  test('loses the added tokens that have no row', async () => {
    const value = withAdded(added(0, '<unk>'), added(size, '[IN]'), added(200, '[PAD]'))
    const loaded = await load(value, 200)
    expect(loaded.getVocabSize()).toBe(size + 1)
    expect(loaded.encode('[PAD]').length).toBeGreaterThan(1)
    expect([...loaded.encode('[IN]')]).toEqual([size])
    loaded.dispose()
  })

  test('keeps the ids of added tokens behind a gap, which its own reader would close', async () => {
    const value = withAdded(added(0, '<unk>'), added(200, '<x>'), added(150, '<y>'), added(151, '<z>'))
    const loaded = await load(value)
    expect([...loaded.encode('<x><y><z><unk>')]).toEqual([200, 150, 151, 0])
    expect(loaded.decode(Int32Array.of(200, 150, 151))).toBe('<x><y><z>')
    loaded.dispose()
  })

  test('with fewer tokens than rows is taken, and ids without a token are no text', async () => {
    const loaded = await load(smallTokenizer())
    expect(loaded.decode(Int32Array.of(7, 255, 7))).toBe('abab')
    expect(loaded.idToToken(255)).toBe('')
    loaded.dispose()
  })

  test('of unigram type with a gap is refused', async () => {
    const value = {
      ...withAdded(added(7, '<x>')),
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['<unk>', 0],
          ['a', -1],
        ],
      },
    }
    await expect(load(value)).rejects.toThrow('tokenizer.json: added_tokens: "<x>" leaves a gap behind the vocabulary')
  })
})

// Rank files turned into a tokenizer.json, run by web-llm's own tokenizer and compared with tiktoken on the ranks of GPT-2 and GPT-4.
import { afterAll, describe, expect, test } from 'vitest'
import { fromRanks, type RankFile } from '../../../shared/compiler/tokenizer/fromRanks.ts'
import { rankFiles } from '../../../shared/compiler/tokenizer/rankFiles.ts'
import { mergesOfRanks, parseRanks } from '../../../shared/compiler/tokenizer/ranks.ts'
import { validateTokenizer } from '../../../shared/compiler/tokenizer/validate.ts'
import { CompileError } from '../../../shared/errors.ts'
import { corpus, randomText } from '../../support/corpus.ts'
import { randomSource } from '../../support/random.ts'
import { type Encoding, encoding, rankFileOf, tiktokenOf } from '../../support/tiktoken.ts'
import { jsonBuffer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()
const [gpt2, gpt4] = [encoding('gpt2'), encoding('cl100k_base')]
const [qwen, xgen] = rankFiles as readonly [RankFile, RankFile]
const plain: RankFile = {
  name: 'gpt2.tiktoken',
  cutting: { kind: 'gpt2', addPrefixSpace: false },
  normalizer: null,
  following: [{ kind: 'special', text: '<|endoftext|>' }],
}

/** What the Python of each model makes of its ranks, for tiktoken. */
function extended({ ranks, expression }: Encoding, file: RankFile): Encoding {
  const all = new Map(ranks)
  const specialTokens: Record<string, number> = {}
  let id = ranks.size
  for (const { kind, text } of file.following) {
    if (kind === 'special') specialTokens[text] = id++
    else all.set(Buffer.from(text).toString('base64'), id++)
  }
  return { ranks: all, expression: file.cutting.kind === 'regex' ? file.cutting.regex : expression, specialTokens }
}

describe.each<[string, RankFile, Encoding, (text: string) => string]>([
  ['GPT-2', plain, gpt2, (text) => text],
  ['Qwen, with the ranks of GPT-4', qwen, gpt4, (text) => text.normalize('NFC')],
  ['XGen', xgen, gpt2, (text) => text],
])('%s', async (_, file, base, normalized) => {
  const truth = tiktokenOf(extended(base, file))
  const tokenizer = fromRanks(file, Buffer.from(rankFileOf(base.ranks)), 151_936)
  const loaded = await tokenizers.fromJSON(jsonBuffer(tokenizer))
  afterAll(() => {
    loaded.dispose()
    truth.free()
  })
  const check = (text: string) => {
    // web-llm hands unpaired surrogates on as bytes that are no UTF-8: callers replace them.
    const ids = loaded.encode(text.toWellFormed())
    const reached = loaded.decode(ids)
    expect([text, ...ids]).toEqual([text, ...truth.encode(reached)])
    // The normalizer inside web-llm knows fewer marks than this engine: what it leaves is still the same text by Unicode's rules.
    expect(normalized(reached)).toBe(normalized(text.toWellFormed()))
    return reached
  }

  test('the corpus has the ids tiktoken gives it and comes back whole', () => {
    const lao = corpus.filter((text) => text.includes('\u0eba'))
    for (const text of corpus.filter((one) => !lao.includes(one)))
      expect(check(text)).toBe(normalized(text.toWellFormed()))
    for (const text of lao) check(text) // U+0EBA is a mark since Unicode 12 only
  })

  test('random text has the ids tiktoken gives it and comes back whole', () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    console.log(`${file.name}: seed ${seed}`)
    const next = randomSource(seed)
    for (let round = 0; round < 1000; round++) check(randomText(next))
  })

  test('every token has its id, special ones are found inside text', () => {
    expect(validateTokenizer(tokenizer, 151_936, file.name)).toEqual({
      postProcessing: 'byte_level',
      prependsSpace: false,
    })
    const specials = file.following.filter(({ kind }) => kind === 'special').map(({ text }) => text)
    for (const special of specials) check(`one${special}two ${special}\n${special}${special}`)
    const text = specials.join('')
    expect(loaded.encode(text).length).toBe(specials.length)
  })

  test('special tokens beyond the embedding are left out', () => {
    const first = (tokenizer.added_tokens[0] as { id: number }).id
    expect(fromRanks(file, Buffer.from(rankFileOf(base.ranks)), first + 1).added_tokens.length).toBe(1)
  })
})

test("Qwen's special tokens stand where its Python puts them", () => {
  const ranks = new Map(Array.from({ length: 151_643 }, (_, rank) => [fakeToken(rank), rank]))
  const { added_tokens: added } = fromRanks(qwen, Buffer.from(rankFileOf(ranks)), 151_936)
  const idOf = Object.fromEntries(added.map(({ content, id }) => [content, id]))
  // QwenLM/Qwen, tokenization_note.md and tokenization_qwen.py
  expect(idOf).toMatchObject({ '<|endoftext|>': 151_643, '<|im_start|>': 151_644, '<|im_end|>': 151_645 })
  expect(idOf).toMatchObject({ '<|extra_0|>': 151_646, '<|extra_204|>': 151_850 })
})

/** All single bytes, then pairs, then triples. */
function fakeToken(rank: number): string {
  const pairs = rank - 256
  const triples = pairs - 65_536
  if (rank < 256) return Buffer.of(rank).toString('base64')
  if (triples < 0) return Buffer.of(pairs >> 8, pairs & 255).toString('base64')
  return Buffer.of(triples >> 16, (triples >> 8) & 255, triples & 255).toString('base64')
}

test('merges are recovered one per token where ranks were learned by merging', () => {
  const learned = mergesOfRanks(parseRanks(Buffer.from(rankFileOf(gpt2.ranks)), 'gpt2.tiktoken'))
  expect(learned.hasWholeTokens).toBe(false)
  expect(learned.merges.length).toBe(50_000)
  expect(learned.merges.slice(0, 5)).toEqual(['Ġ t', 'Ġ a', 'h e', 'i n', 'r e']) // the first lines of GPT-2's merges.txt
})

describe('a rank file is refused by its line:', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => `${Buffer.of(byte).toString('base64')} ${byte}`)
  const parse = (lines: readonly string[]) => parseRanks(Buffer.from(lines.join('\n')), 'qwen.tiktoken')
  test('these bytes alone are good', () => {
    expect(parse(bytes).size).toBe(256)
    expect(parse([...bytes, '', 'YWI= 256', '']).get('ab')).toBe(256)
  })
  test.each<[string, readonly string[], string]>([
    ['empty', [], 'has no token for the byte 0'],
    ['a byte missing', bytes.toSpliced(77, 1), 'has no token for the byte 77'],
    ['no rank', [...bytes, 'YWI='], 'line 257: "YWI=", expected bytes in base64 and a rank'],
    ['a negative rank', [...bytes, 'YWI= -1'], 'line 257'],
    ['a huge rank', [...bytes, 'YWI= 99999999'], 'line 257'],
    ['no base64', [...bytes, 'Y-I= 256'], 'line 257'],
    ['base64 cut short', [...bytes, 'YWIxx 256'], 'line 257'],
    ['a token twice', [...bytes, 'YWI= 256', 'YWI= 257'], 'line 258: this token stands twice'],
    ['a rank twice', [...bytes, 'YWI= 255'], 'line 257: the rank 255 stands twice'],
    [
      'a token of 2000 bytes',
      [...bytes, `${Buffer.alloc(2000).toString('base64')} 256`],
      'line 257: a token of 2000 bytes',
    ],
    ['a zip', ['PK\u0003\u0004'], 'line 1'],
  ])('%s', (_, lines, problem) => {
    expect(() => parse(lines)).toThrow(CompileError)
    expect(() => parse(lines)).toThrow(`qwen.tiktoken: ${problem}`)
  })
})

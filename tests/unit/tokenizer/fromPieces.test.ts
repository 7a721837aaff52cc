// The tokenizer made from pieces and scores, run by web-llm's own tokenizer and compared with plain score-greedy merging.
import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { parseJson } from '../../../shared/compiler/checkpoint/json.ts'
import { tokenizerFromPieces } from '../../../shared/compiler/tokenizer/fromPieces.ts'
import { decodePieces } from '../../../shared/compiler/tokenizer/pieces.ts'
import { validateTokenizer } from '../../../shared/compiler/tokenizer/validate.ts'
import { encodePlain } from '../../reference/sentencePiece.ts'
import { randomSource } from '../../support/random.ts'
import { jsonBuffer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const pieces = decodePieces(
  parseJson(
    await readFile(new URL('../../fixtures/tokenizer/tokenizer_vocab.json', import.meta.url)),
    'tokenizer_vocab.json',
  ),
)
const tokenizer = tokenizerFromPieces(pieces)
const loaded = await (await webLlmTokenizers()).fromJSON(jsonBuffer(tokenizer))
afterAll(() => loaded.dispose())

const texts = [
  'Once upon a time',
  'One day, Lily met a Shoggoth. "Hello!" it said.\n\nThe end.',
  ' leading space',
  'trailing space ',
  '  two  spaces   three    four     five                    many',
  '\n',
  '\n\n\n\t\ttabs\r\nand returns',
  'User: Tell me a story.\nAssistant:',
  '### Instruction:\nWrite a poem.\n\n### Response:\n',
  'Es war einmal ein kleines Mädchen, das hieß Rotkäppchen; çà et là, ñandú, żółć, İstanbul, tiếng Việt.',
  'Жила-была девочка. Ήταν κάποτε. היה היה פעם. كان يا ما كان. एक समय की बात है। กาลครั้งหนึ่ง.',
  '从前有一个小女孩。むかしむかし、あるところに。옛날 옛적에. 漢字かな交じり文',
  '😀👩‍👩‍👧‍👦🏳️‍🌈🇩🇪 emoji 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𐍈 \u{10ffff}',
  'e\u0301 combining, zero\u200bwidth, nbsp\u00a0here, bom\ufeff, soft\u00adhyphen, \u2028 line separator',
  'a\u2581b \u2581 \u2581\u2581 underline pieces',
  'if (x <= 10) { return a[i] ** 2; } // code\n\tprint("%d", 0x1F)\nhttps://example.org/?q=1&r=2#x',
  '3.14159 1,000,000 2023-11-22 €5 £6 ¥7 ½ ² ₃ № ™ © ∑ ∞ ≠ → ✓',
  'aaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbb hahahahahaha ...................... -------------- ==========',
  '<0x0A> <0x41> <unk >',
  'x'.repeat(300),
]

test('"Once upon a time" has the ids llama2.c gives it', () => {
  expect([...loaded.encode('Once upon a time')]).toEqual([9038, 2501, 263, 931])
})

test.each(texts)('%j is cut as SentencePiece cuts it and comes back whole', (text) => {
  const ids = loaded.encode(text)
  expect([...ids]).toEqual(encodePlain(pieces, text))
  // U+2581 in the text becomes a space: SentencePiece has no other way to write it.
  expect(loaded.decode(ids)).toBe(text.replaceAll('\u2581', ' '))
})

test('random text of all scripts and of repeated pieces is cut as SentencePiece cuts it', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`tokenizer texts: seed ${seed}`)
  const next = randomSource(seed)
  const pick = (limit: number) => Math.floor(next() * limit)
  const ordinary = pieces.pieces.slice(259).map((piece) => piece.replaceAll('\u2581', ' '))
  const makers = [
    () => Array.from({ length: 1 + pick(40) }, () => ordinary[pick(ordinary.length)]).join(''),
    () => Array.from({ length: 1 + pick(60) }, () => 'aeinorst ,.\n'[pick(12)]).join(''),
    () => Array.from({ length: 1 + pick(20) }, () => String.fromCodePoint(0x20 + pick(0xd7e0))).join(''),
    () => (ordinary[pick(ordinary.length)] as string).repeat(1 + pick(12)),
    () => String.fromCodePoint(...Array.from({ length: 1 + pick(10) }, () => 0x10000 + pick(0x10000))),
  ]
  for (let round = 0; round < 1500; round++) {
    const text = (makers[round % makers.length] as () => string)().replaceAll('\u2581', ' ')
    expect([text, ...loaded.encode(text)]).toEqual([text, ...encodePlain(pieces, text)])
  }
})

test('special pieces are one token each and every id has its piece', () => {
  expect([...loaded.encode('</s>')]).toEqual([2])
  expect(loaded.getVocabSize()).toBe(32_000)
  const wrong = pieces.pieces.filter((piece, id) => loaded.idToToken(id) !== piece)
  expect(wrong).toEqual([])
})

test('it passes the validation of foreign tokenizers', () => {
  expect(validateTokenizer(tokenizer, 32_000)).toEqual({ postProcessing: 'byte_fallback', prependsSpace: true })
})

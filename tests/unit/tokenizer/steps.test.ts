// The steps of a tokenizer.json: what published tokenizers have is accepted, and nothing is accepted that web-llm's own tokenizer aborts on.
import { expect, test } from 'vitest'
import { fitTokenizerJson } from '../../../shared/compiler/tokenizer/publishedJson.ts'
import { validateTokenizer } from '../../../shared/compiler/tokenizer/validate.ts'
import { CompileError } from '../../../shared/errors.ts'
import { byteLevel, type Json, loads, sequence, split, tokenizer } from '../../support/tokenizerSteps.ts'
import { jsonBuffer, webLlmTokenizers } from '../../support/webLlmTokenizer.ts'

const tokenizers = await webLlmTokenizers()

// As these models publish them.
const published: readonly [string, Json][] = [
  [
    'Llama',
    {
      normalizer: sequence(
        'normalizers',
        { type: 'Prepend', prepend: '\u2581' },
        { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
      ),
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: 'a', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
        special_tokens: { a: { id: 'a', ids: [0], tokens: ['a'] } },
      },
      decoder: sequence(
        'decoders',
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ),
    },
  ],
  [
    'GPT-NeoX',
    {
      normalizer: { type: 'NFC' },
      pre_tokenizer: byteLevel(false),
      post_processor: byteLevel(false),
      decoder: byteLevel(false),
    },
  ],
  [
    'Falcon',
    {
      pre_tokenizer: sequence(
        'pretokenizers',
        { type: 'Punctuation', behavior: 'Contiguous' },
        byteLevel(false, true),
        { type: 'Digits', individual_digits: false },
        split('[0-9][0-9][0-9]'),
      ),
      decoder: byteLevel(false, true),
    },
  ],
  [
    'BLOOM',
    { pre_tokenizer: sequence('pretokenizers', split(' ?[^(\\s|[.,!?…。，、।۔،])]+'), byteLevel(false, false)) },
  ],
  [
    'Galactica',
    {
      pre_tokenizer: sequence(
        'pretokenizers',
        { type: 'Split', pattern: { String: 'SPL1T-TH1S-Pl3A5E' }, behavior: 'Removed', invert: false },
        { type: 'Digits', individual_digits: true },
        { type: 'Punctuation', behavior: 'Isolated' },
        byteLevel(false, true),
      ),
      truncation: { direction: 'Right', max_length: 2, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 9 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 0,
        pad_type_id: 0,
        pad_token: 'a',
      },
    },
  ],
  [
    'T5',
    {
      pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', add_prefix_space: true },
      decoder: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always', split: true },
    },
  ],
]

test.each(published)('the steps of %s are accepted, and nothing cuts or pads a prompt', async (_, change) => {
  const value = tokenizer(change)
  validateTokenizer(value, 100)
  const loaded = await tokenizers.fromJSON(jsonBuffer(fitTokenizerJson(value, 100, 'tokenizer.json')))
  expect(loaded.encode('bcbcbc'.repeat(3)).length).toBe(18)
  loaded.dispose()
})

const values = [undefined, null, '', 'zz', 5, -1, 1.5, true, [], {}, [null]]

/** Every value of a tokenizer replaced by something else, one at a time. */
function* mutations(value: Json, within: (path: readonly string[]) => boolean): Generator<readonly [string, Json]> {
  for (const path of paths(value, [])) {
    if (!within(path)) continue
    for (const replacement of values) {
      const copy = structuredClone(value)
      let inner = copy
      for (const key of path.slice(0, -1)) inner = inner[key] as Json
      const last = path.at(-1) as string
      if (replacement !== undefined) inner[last] = replacement
      else if (Array.isArray(inner)) inner.splice(Number(last), 1)
      else delete inner[last]
      yield [`${path.join('.')} = ${JSON.stringify(replacement)}`, copy]
    }
  }
}

function* paths(value: unknown, path: readonly string[]): Generator<readonly string[]> {
  for (const [key, inner] of Object.entries(value ?? {})) {
    yield [...path, key]
    if (typeof inner === 'object') yield* paths(inner, [...path, key])
  }
}

const rest: readonly [string, Json][] = [
  [
    'other normalizers',
    {
      normalizer: sequence(
        'normalizers',
        ...['NFD', 'NFKC', 'NFKD', 'Nmt', 'Lowercase', 'StripAccents'].map((type) => ({ type })),
        { type: 'Strip', strip_left: true, strip_right: false },
        { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: false },
      ),
    },
  ],
  [
    'other pre-tokenizers',
    {
      pre_tokenizer: sequence(
        'pretokenizers',
        { type: 'WhitespaceSplit' },
        { type: 'CharDelimiterSplit', delimiter: 'x' },
        { type: 'UnicodeScripts' },
        { type: 'Metaspace', replacement: '_', prepend_scheme: 'first', split: false },
      ),
    },
  ],
  [
    'other decoders',
    {
      decoder: sequence(
        'decoders',
        { type: 'BPEDecoder', suffix: 'x' },
        { type: 'WordPiece', prefix: 'x', cleanup: true },
        { type: 'CTC', pad_token: 'x', word_delimiter_token: 'y', cleanup: true },
      ),
    },
  ],
  [
    'a unigram model',
    {
      added_tokens: [],
      model: {
        type: 'Unigram',
        unk_id: 0,
        vocab: [
          ['a', 0],
          ['b', -1],
        ],
        byte_fallback: false,
      },
    },
  ],
]

test.each([...published, ...rest, ['nothing', {}] as const])(
  'whatever is done to the fields of %s, what is accepted loads in web-llm',
  async (_, change) => {
    const value = tokenizer(change)
    const changed = new Set(Object.keys(change))
    let accepted = 0
    for (const [what, mutated] of mutations(value, ([top]) => changed.size === 0 || changed.has(top as string))) {
      let fitted: object
      try {
        validateTokenizer(mutated, 100)
        fitted = fitTokenizerJson(mutated, 100, 'tokenizer.json')
      } catch (error) {
        expect([what, error instanceof CompileError]).toEqual([what, true])
        continue
      }
      accepted++
      expect([what, await loads(fitted)]).toEqual([what, true])
    }
    expect(accepted).toBeGreaterThan(0)
  },
)

test('a step is refused by its place', () => {
  const problem = (change: Json) => () => validateTokenizer(tokenizer(change), 100)
  expect(problem({ normalizer: { type: 'Nope' } })).toThrow(
    'tokenizer.json: normalizer.type: "\\"Nope\\"", expected one of NFC',
  )
  expect(problem({ pre_tokenizer: sequence('pretokenizers', split('(')) })).toThrow(
    'tokenizer.json: pre_tokenizer.pretokenizers[0].pattern: "(": a ( that nothing closes',
  )
  expect(problem({ decoder: { type: 'Strip', content: '', start: 1, stop: 0 } })).toThrow(
    'tokenizer.json: decoder.content: "\\"\\"", expected one character',
  )
  expect(problem({ more: 1 })).toThrow('tokenizer.json: "more": is no field of a tokenizer.json')
  expect(problem({ decoder: sequence('decoders', ...Array.from({ length: 300 }, () => ({ type: 'Fuse' }))) })).toThrow(
    'more than 256 steps',
  )
})

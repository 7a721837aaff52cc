// Checks the steps of a tokenizer.json: normalizer, pre-tokenizer and decoder. web-llm's tokenizer aborts on a type or a field that
// huggingface/tokenizers does not know.
import { CompileError } from '../../errors.ts'
import { type Fields, own } from '../checkpoint/config.ts'
import { quoted } from '../checkpoint/json.ts'
import { expressionProblem } from './expression.ts'

/** What a field holds; with `?` it may be absent, but not null. */
type FieldKind =
  | 'flag'
  | 'choice'
  | 'text'
  | 'some text'
  | 'character'
  | 'count'
  | 'pattern'
  | 'behavior'
  | 'scheme'
  | 'base64'
type FieldKinds = Readonly<Record<string, FieldKind | `${FieldKind}?`>>
export interface StepKind {
  /** Name of the field of a Sequence that lists its steps. */
  readonly list: string
  readonly types: Readonly<Record<string, FieldKinds>>
}

const byteLevel: FieldKinds = { add_prefix_space: 'flag', trim_offsets: 'flag', use_regex: 'flag?' }
const metaspace: FieldKinds = {
  replacement: 'character',
  add_prefix_space: 'flag?',
  prepend_scheme: 'scheme?',
  split: 'flag?',
}
const replace: FieldKinds = { pattern: 'pattern', content: 'text' }

export const normalizerSteps: StepKind = {
  list: 'normalizers',
  types: {
    ...Object.fromEntries(['NFC', 'NFD', 'NFKC', 'NFKD', 'Nmt', 'Lowercase', 'StripAccents'].map((type) => [type, {}])),
    BertNormalizer: { clean_text: 'flag', handle_chinese_chars: 'flag', strip_accents: 'choice?', lowercase: 'flag' },
    Strip: { strip_left: 'flag', strip_right: 'flag' },
    Precompiled: { precompiled_charsmap: 'base64' },
    Prepend: { prepend: 'some text' },
    Replace: replace,
  },
}

export const preTokenizerSteps: StepKind = {
  list: 'pretokenizers',
  types: {
    ...Object.fromEntries(
      ['BertPreTokenizer', 'Whitespace', 'WhitespaceSplit', 'UnicodeScripts'].map((type) => [type, {}]),
    ),
    ByteLevel: byteLevel,
    CharDelimiterSplit: { delimiter: 'character' },
    Digits: { individual_digits: 'flag' },
    Metaspace: metaspace,
    Punctuation: { behavior: 'behavior?' },
    Split: { pattern: 'pattern', behavior: 'behavior', invert: 'flag' },
  },
}

export const decoderSteps: StepKind = {
  list: 'decoders',
  types: {
    BPEDecoder: { suffix: 'text' },
    ByteFallback: {},
    ByteLevel: byteLevel,
    CTC: { pad_token: 'text', word_delimiter_token: 'text', cleanup: 'flag' },
    Fuse: {},
    Metaspace: metaspace,
    Replace: replace,
    Strip: { content: 'character', start: 'count', stop: 'count' },
    WordPiece: { prefix: 'text', cleanup: 'flag' },
  },
}

const maximumSteps = 256

/** Throws CompileError naming the step's field. null and absent are no steps. */
export function validateSteps(value: unknown, kind: StepKind, file: string, at: string): void {
  let seen = 0
  const visit = (step: unknown, path: string) => {
    if (++seen > maximumSteps) throw new CompileError(file, at, `more than ${maximumSteps} steps`)
    if (typeof step !== 'object' || step === null || Array.isArray(step))
      throw new CompileError(file, path, 'expected an object')
    const fields = step as Fields
    const type = own(fields, 'type')
    if (type === 'Sequence') {
      const inner = own(fields, kind.list)
      if (!Array.isArray(inner)) throw new CompileError(file, `${path}.${kind.list}`, 'expected a list')
      for (const [index, one] of inner.entries()) visit(one, `${path}.${kind.list}[${index}]`)
      return
    }
    const kinds = typeof type === 'string' && Object.hasOwn(kind.types, type) ? kind.types[type] : undefined
    if (kinds === undefined)
      throw new CompileError(
        file,
        `${path}.type`,
        `${shown(type)}, expected one of ${Object.keys(kind.types).join(', ')}`,
      )
    for (const [name, expected] of Object.entries(kinds)) {
      const problem = fieldProblem(own(fields, name), expected)
      if (problem !== null) throw new CompileError(file, `${path}.${name}`, problem)
    }
    if (type === 'Metaspace' && own(fields, 'add_prefix_space') === false && own(fields, 'prepend_scheme') !== 'never')
      throw new CompileError(file, `${path}.prepend_scheme`, 'expected "never", as add_prefix_space is false')
  }
  if (value !== undefined && value !== null) visit(value, at)
}

function fieldProblem(value: unknown, expected: FieldKind | `${FieldKind}?`): string | null {
  if (value === undefined) return expected.endsWith('?') ? null : 'is missing'
  const kind = expected.replace('?', '') as FieldKind
  if (kind === 'pattern') return patternProblem(value)
  const [isRight, words] = fieldKinds[kind]
  return isRight(value) ? null : `${shown(value)}, expected ${words}`
}

const oneOf = (...names: readonly string[]) =>
  [(value: unknown) => names.includes(value as string), names.join(', ')] as const
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 65_536
const fieldKinds: Readonly<Record<Exclude<FieldKind, 'pattern'>, readonly [(value: unknown) => boolean, string]>> = {
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  choice: [(value) => typeof value === 'boolean' || value === null, 'true, false or null'],
  text: [isText, 'a text'],
  'some text': [(value) => isText(value) && value !== '', 'a text that is not empty'],
  character: [(value) => isText(value) && [...value].length === 1, 'one character'],
  count: [
    (value) => Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31,
    'a whole number',
  ],
  behavior: oneOf('Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'),
  scheme: oneOf('first', 'never', 'always'),
  base64: [(value) => typeof value === 'string' && isCharsMap(value), 'a compiled table in base64'],
}

/** `{"String": ...}` or `{"Regex": ...}`. */
function patternProblem(value: unknown): string | null {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const [kind, text] = entries[0] ?? []
  if (entries.length !== 1 || typeof text !== 'string') return `${shown(value)}, expected a String or a Regex`
  if (kind === 'String') return text === '' ? 'expected a text that is not empty' : null
  if (kind !== 'Regex') return `${shown(value)}, expected a String or a Regex`
  const problem = expressionProblem(text)
  return problem === null ? null : `${quoted(text)}: ${problem}`
}

/** Base64 of a length, a double array of so many bytes and the texts it points to (google/sentencepiece, normalizer.cc). */
function isCharsMap(text: string): boolean {
  if (text.length > 16 * 2 ** 20 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return false
  const head = atob(text.slice(0, 8))
  const size = [0, 1, 2, 3].reduce((sum, index) => sum + head.charCodeAt(index) * 256 ** index, 0)
  return size > 0 && size % 4 === 0 && size + 4 <= (text.length / 4) * 3
}

function shown(value: unknown): string {
  return quoted(JSON.stringify(value) ?? 'missing', 60)
}

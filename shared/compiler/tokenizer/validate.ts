// Checks a foreign tokenizer before it is installed: a malformed one ends web-llm's tokenizer with a bare abort.
import { CompileError } from '../../errors.ts'
import { configFields, type Fields, own } from '../checkpoint/config.ts'
import { quoted } from '../checkpoint/json.ts'
import { decoderSteps, normalizerSteps, preTokenizerSteps, validateSteps } from './steps.ts'

/** How token texts become text again: web-llm needs it for grammars. */
export interface TokenizerTraits {
  readonly postProcessing: 'byte_fallback' | 'byte_level' | 'raw'
  /** Encoding puts a space before the text. */
  readonly prependsSpace: boolean
}

const maximumTokenLength = 65_536
const maximumId = 2 ** 24

/** Validates a parsed tokenizer.json. `vocabularySize` = rows of the embedding. Throws CompileError naming the field. */
export function validateTokenizer(value: unknown, vocabularySize: number, file = 'tokenizer.json'): TokenizerTraits {
  const fields = configFields(value, file)
  validateTop(fields, file)
  const model = own(fields, 'model')
  if (!isRecord(model)) throw new CompileError(file, 'model', 'expected an object')
  const type = own(model, 'merges') === undefined || own(model, 'type') !== undefined ? own(model, 'type') : 'BPE'
  if (type === 'BPE') validateBpe(model, vocabularySize, file)
  else if (type === 'Unigram') validateUnigram(model, vocabularySize, file)
  else throw new CompileError(file, 'model.type', `${describe(type)}, expected "BPE" or "Unigram"`)
  validateAddedTokens(own(fields, 'added_tokens'), file)
  validateSteps(own(fields, 'normalizer'), normalizerSteps, file, 'normalizer')
  validateSteps(own(fields, 'pre_tokenizer'), preTokenizerSteps, file, 'pre_tokenizer')
  validateSteps(own(fields, 'decoder'), decoderSteps, file, 'decoder')
  return traitsOf(fields, model)
}

const topFields = new Set(
  'version truncation padding added_tokens normalizer pre_tokenizer post_processor decoder model'.split(' '),
)

function validateTop(fields: Fields, file: string): void {
  const unknown = Object.keys(fields).find((name) => !topFields.has(name))
  if (unknown !== undefined) throw new CompileError(file, quoted(unknown), 'is no field of a tokenizer.json')
  const version = own(fields, 'version')
  if (version !== undefined && version !== '1.0')
    throw new CompileError(file, 'version', `${describe(version)}, expected "1.0"`)
}

/** Settings that change how merging works: the ones that are random or that no published decoder has are refused. */
function validateBpeSettings(model: Fields, file: string): void {
  for (const name of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix']) {
    const value = own(model, name) ?? null
    if (value !== null && value !== '' && value !== 0)
      throw new CompileError(file, `model.${name}`, `${describe(value)}, expected null`)
    if (value === (name === 'dropout' ? '' : 0))
      throw new CompileError(file, `model.${name}`, `${describe(value)}, expected null`)
  }
  for (const name of ['fuse_unk', 'byte_fallback', 'ignore_merges']) {
    const value = own(model, name) ?? null
    if (value !== null && typeof value !== 'boolean')
      throw new CompileError(file, `model.${name}`, `${describe(value)}, expected true or false`)
  }
}

function validateBpe(model: Fields, vocabularySize: number, file: string): void {
  validateBpeSettings(model, file)
  const vocab = own(model, 'vocab')
  if (!isRecord(vocab)) throw new CompileError(file, 'model.vocab', 'expected an object')
  const names = new Map<number, string>()
  for (const [token, id] of Object.entries(vocab)) {
    const at = `model.vocab[${quoted(token)}]`
    checkId(id, vocabularySize, file, at)
    const other = names.get(id as number)
    if (other !== undefined) throw new CompileError(file, at, `has the id ${id} of ${quoted(other)}`)
    names.set(id as number, token)
    checkToken(token, file, at)
  }
  const tokens = new Set(names.values())
  const unknown = own(model, 'unk_token') ?? null
  if (unknown !== null && !(typeof unknown === 'string' && tokens.has(unknown)))
    throw new CompileError(file, 'model.unk_token', `${describe(unknown)} is not in the vocabulary`)
  const merges = own(model, 'merges')
  if (!Array.isArray(merges)) throw new CompileError(file, 'model.merges', 'expected a list')
  const seen = new Set<string>()
  for (const [index, merge] of merges.entries()) {
    const at = `model.merges[${index}]`
    const [left, right] = mergeParts(merge, file, at)
    for (const part of [left, right, left + right]) {
      if (!tokens.has(part)) throw new CompileError(file, at, `${quoted(part)} is not in the vocabulary`)
    }
    const pair = `${left}\n${right}`
    if (seen.has(pair)) throw new CompileError(file, at, `${quoted(`${left} ${right}`)} stands twice`)
    seen.add(pair)
  }
}

/** `"left right"`, or the newer `["left", "right"]`. Neither half can be empty. */
function mergeParts(merge: unknown, file: string, at: string): readonly [string, string] {
  const parts: readonly unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : []
  const [left, right] = parts
  if (parts.length !== 2 || typeof left !== 'string' || typeof right !== 'string' || left === '' || right === '')
    throw new CompileError(file, at, `${describe(merge)}, expected two token texts`)
  return [left, right]
}

function validateUnigram(model: Fields, vocabularySize: number, file: string): void {
  const vocab = own(model, 'vocab')
  if (!Array.isArray(vocab) || vocab.length === 0) throw new CompileError(file, 'model.vocab', 'expected a list')
  if (vocab.length > vocabularySize)
    throw new CompileError(file, 'model.vocab', `${vocab.length} tokens, but the embedding has ${vocabularySize} rows`)
  for (const [id, entry] of vocab.entries()) {
    const at = `model.vocab[${id}]`
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string' || !Number.isFinite(entry[1]))
      throw new CompileError(file, at, `${describe(entry)}, expected a text and a finite score`)
    checkToken(entry[0], file, at)
  }
  checkId(own(model, 'unk_id'), vocab.length, file, 'model.unk_id')
  const fallsBack = own(model, 'byte_fallback') ?? false
  if (typeof fallsBack !== 'boolean' || model.byte_fallback === null)
    throw new CompileError(file, 'model.byte_fallback', `${describe(model.byte_fallback)}, expected true or false`)
}

/** Ids may lie beyond the embedding: such tokens are left out later. */
function validateAddedTokens(value: unknown, file: string): void {
  if (value === undefined) return
  if (!Array.isArray(value)) throw new CompileError(file, 'added_tokens', 'expected a list')
  const contents = new Set<string>()
  for (const [index, token] of value.entries()) {
    const at = `added_tokens[${index}]`
    if (!isRecord(token) || typeof token.content !== 'string' || token.content === '')
      throw new CompileError(file, at, 'expected an object with id and content')
    if (!Number.isSafeInteger(token.id) || (token.id as number) < 0 || (token.id as number) >= maximumId)
      throw new CompileError(file, `${at}.id`, `${describe(token.id)}, expected an id below ${maximumId}`)
    checkToken(token.content, file, at)
    if (contents.has(token.content)) throw new CompileError(file, at, `${quoted(token.content)} stands twice`)
    contents.add(token.content)
    for (const flag of ['single_word', 'lstrip', 'rstrip', 'normalized', 'special']) {
      if (typeof token[flag] !== 'boolean')
        throw new CompileError(file, `${at}.${flag}`, `${describe(token[flag])}, expected true or false`)
    }
  }
}

/** A byte token is `<0x00>` to `<0xFF>`: anything that only looks like one is an attack on readers that parse the number. */
function checkToken(token: string, file: string, at: string): void {
  if (token.length > maximumTokenLength)
    throw new CompileError(file, at, `a token of ${token.length} characters, expected at most ${maximumTokenLength}`)
  if (/^<0x[^>]{0,8}>$/.test(token) && !/^<0x[0-9A-F]{2}>$/.test(token))
    throw new CompileError(file, at, `${quoted(token)}, expected a byte as <0x00> to <0xFF>`)
}

function checkId(id: unknown, vocabularySize: number, file: string, at: string): void {
  if (!Number.isSafeInteger(id) || (id as number) < 0 || (id as number) >= vocabularySize)
    throw new CompileError(
      file,
      at,
      `${describe(id)}, expected an id below the ${vocabularySize} rows of the embedding`,
    )
}

function traitsOf(fields: Fields, model: Fields): TokenizerTraits {
  const types = new Set([
    ...stepsOf(own(fields, 'decoder'), 'decoders'),
    ...stepsOf(own(fields, 'pre_tokenizer'), 'pretokenizers'),
  ])
  const prepends =
    stepsOf(own(fields, 'normalizer'), 'normalizers').includes('Prepend') ||
    metaspacePrepends(own(fields, 'pre_tokenizer'))
  if (types.has('ByteLevel')) return { postProcessing: 'byte_level', prependsSpace: false }
  const fallsBack = types.has('ByteFallback') || own(model, 'byte_fallback') === true
  return { postProcessing: fallsBack ? 'byte_fallback' : 'raw', prependsSpace: prepends }
}

/** Types of a step or of the steps of a Sequence. */
function stepsOf(step: unknown, list: string): readonly string[] {
  if (!isRecord(step)) return []
  const inner = own(step, list)
  const steps: readonly unknown[] = Array.isArray(inner) ? inner : [step]
  return steps.flatMap((one) => (isRecord(one) && typeof one.type === 'string' ? [one.type] : []))
}

function metaspacePrepends(step: unknown): boolean {
  if (!isRecord(step) || step.type !== 'Metaspace') return false
  return step.prepend_scheme === undefined ? step.add_prefix_space !== false : step.prepend_scheme !== 'never'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  return quoted(JSON.stringify(value) ?? 'missing', 60)
}

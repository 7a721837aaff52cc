// vocab.json with merges.txt, GPT-2's own files, which OPT, Phi and others publish: token -> id, and one pair a line, best first.
import { CompileError } from '../../errors.ts'
import { configFields, own } from '../checkpoint/config.ts'
import { quoted } from '../checkpoint/json.ts'
import { type Addition, configName, placeAdditions } from './additions.ts'
import { byteLevelTokenizer } from './byteLevel.ts'
import type { TokenizerJson } from './json.ts'

export const vocabName = 'vocab.json'
export const mergesName = 'merges.txt'
const endOfText = '<|endoftext|>'

/** Tokenizer classes of transformers that cut as GPT-2 does. Others read the same two files in another way. */
const gpt2Classes = new Set(['GPT2Tokenizer', 'GPT2TokenizerFast', 'CodeGenTokenizer', 'CodeGenTokenizerFast'])

export interface VocabMerges {
  readonly vocab: unknown
  readonly merges: Uint8Array
  readonly config: unknown
  readonly additions: readonly Addition[]
  readonly rows: number
}

/** Throws CompileError on malformed files and on tokenizer classes that cut in another way. */
export function fromVocabMerges({ vocab, merges, config, additions, rows }: VocabMerges): TokenizerJson {
  const fields = config === null ? {} : configFields(config, configName)
  const className = own(fields, 'tokenizer_class') ?? 'GPT2Tokenizer'
  if (typeof className !== 'string' || !gpt2Classes.has(className))
    throw new CompileError(
      configName,
      'tokenizer_class',
      `${quoted(String(className))} does not cut text as GPT-2 does: put the tokenizer.json of this model beside ${vocabName}`,
    )
  const ids = vocabOf(vocab)
  const declared = additions.length > 0 || !ids.has(endOfText) ? additions : [defaultSpecial]
  const addedTokens = placeAdditions(declared, ids, rows)
  return byteLevelTokenizer({
    vocab: ids,
    merges: mergesOf(merges),
    addedTokens,
    cutting: { kind: 'gpt2', addPrefixSpace: own(fields, 'add_prefix_space') === true },
    normalizer: null,
    ignoreMerges: false,
  })
}

/** What GPT2Tokenizer takes for its special tokens when no file names any. */
const defaultSpecial: Addition = {
  content: endOfText,
  id: null,
  special: true,
  lstrip: false,
  rstrip: false,
  singleWord: false,
  file: vocabName,
}

function vocabOf(value: unknown): Map<string, number> {
  const ids = new Map<string, number>()
  for (const [token, id] of Object.entries(configFields(value, vocabName))) {
    if (!Number.isSafeInteger(id) || (id as number) < 0)
      throw new CompileError(vocabName, quoted(token), `${quoted(String(JSON.stringify(id)))}, expected an id`)
    ids.set(token, id as number)
  }
  if (ids.size === 0) throw new CompileError(vocabName, '', 'names no token')
  return ids
}

/** Lines of `left right`; the first may be a version, the last is empty. */
function mergesOf(bytes: Uint8Array): readonly string[] {
  const lines = decodeText(bytes).split(/\r?\n/)
  if (lines[0]?.startsWith('#version') === true) lines.shift()
  while (lines.at(-1) === '') lines.pop()
  const wrong = lines.findIndex((line) => !/^[^ ]+ [^ ]+$/.test(line))
  if (wrong >= 0)
    throw new CompileError(mergesName, `pair ${wrong + 1}`, `${quoted(lines[wrong] as string)}, expected two tokens`)
  return lines
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new CompileError(mergesName, '', 'expected text in UTF-8', { cause })
  }
}

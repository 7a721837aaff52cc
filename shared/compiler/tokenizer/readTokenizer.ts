// The tokenizer of a checkpoint as the tokenizer.json that web-llm loads. Looked for in this order; the first that the folder holds is taken:
//
// | file                  | holds                                          | published by                                | read by             |
// |-----------------------|------------------------------------------------|---------------------------------------------|---------------------|
// | tokenizer.json        | everything; is only made to fit the model      | most repositories                           | publishedJson.ts    |
// | tokenizer.model       | SentencePiece, BPE or unigram                  | LLaMA and kin, Mistral, Yi, ChatGLM2 and 3  | sentencePiece.ts    |
// | vocab.json+merges.txt | byte-level BPE, cut as GPT-2 does              | GPT-2, OPT, Phi                             | vocabMerges.ts      |
// | qwen.tiktoken         | ranks of bytes                                 | Qwen                                        | ranks.ts            |
// | r50k_base.tiktoken    | ranks of bytes, to be put there by hand        | nobody, for XGen (its repositories: Python) | ranks.ts            |
// | ice_text.model        | SentencePiece behind room for image tokens     | ChatGLM-6B                                  | chatGlm.ts          |
// | tokenizer_vocab.json  | SentencePiece pieces and scores                | llama2.c's small models                     | pieces.ts           |
//
// tokenizer_config.json, added_tokens.json and special_tokens_map.json name further tokens for all but tokenizer.json, which has its own list.
import { CompileError } from '../../errors.ts'
import type { ModelSource } from '../checkpoint/bytes.ts'
import { readBounded } from '../checkpoint/checkpoint.ts'
import { configFields } from '../checkpoint/config.ts'
import { parseJson } from '../checkpoint/json.ts'
import { addedName, configName, readAdditions, specialName } from './additions.ts'
import { chatGlmTokens, iceText, iceTextFile, isChatGlm } from './chatGlm.ts'
import { tokenizerFromPieces } from './fromPieces.ts'
import { fromRanks } from './fromRanks.ts'
import { fromSentencePiece } from './fromSentencePiece.ts'
import { missingTokenizer } from './missing.ts'
import { decodePieces, piecesFile } from './pieces.ts'
import { fitTokenizerJson } from './publishedJson.ts'
import { rankFiles } from './rankFiles.ts'
import { readSentencePiece } from './sentencePiece.ts'
import { type TokenizerTraits, validateTokenizer } from './validate.ts'
import { fromVocabMerges, mergesName, vocabName } from './vocabMerges.ts'

export interface StoredTokenizer {
  /** File name in the model folder. */
  readonly name: 'tokenizer.json'
  readonly bytes: Uint8Array
  readonly traits: TokenizerTraits
  /** Files of the checkpoint it was made from. */
  readonly inputs: readonly string[]
}

const maximumBytes = 64 * 2 ** 20

/** What a format's reader has at hand. */
interface Reading {
  readonly rows: number
  /** The whole file; it is remembered as an input. */
  readonly bytes: (name: string) => Promise<Uint8Array>
  /** The parsed file, or null when the folder lacks it. */
  readonly json: (name: string) => Promise<unknown>
}

interface Format {
  readonly needs: readonly string[]
  readonly read: (reading: Reading) => Promise<Made>
}

type Made = Pick<StoredTokenizer, 'bytes' | 'traits'>

const formats: readonly Format[] = [
  {
    needs: ['tokenizer.json'],
    read: async ({ json, bytes, rows }) => {
      const value = configFields(await json('tokenizer.json'), 'tokenizer.json')
      const traits = validateTokenizer(value, rows)
      const fitted = fitTokenizerJson(value, rows, 'tokenizer.json')
      return { traits, bytes: fitted === value ? await bytes('tokenizer.json') : encode(fitted) }
    },
  },
  { needs: ['tokenizer.model'], read: async (reading) => await sentencePiece(reading, 'tokenizer.model') },
  {
    needs: [vocabName, mergesName],
    read: async (reading) => {
      const { config, additions } = await declared(reading)
      const [vocab, merges] = [await reading.json(vocabName), await reading.bytes(mergesName)]
      const { rows } = reading
      return made(fromVocabMerges({ vocab, merges, config, additions, rows }), rows, vocabName)
    },
  },
  ...rankFiles.map((file) => ({
    needs: [file.name],
    read: async ({ bytes, rows }: Reading) => made(fromRanks(file, await bytes(file.name), rows), rows, file.name),
  })),
  { needs: [iceTextFile], read: async (reading) => await sentencePiece(reading, iceTextFile) },
  {
    needs: [piecesFile],
    read: async ({ json, rows }) => made(tokenizerFromPieces(decodePieces(await json(piecesFile))), rows, piecesFile),
  },
]

/** Reads, converts and validates. Throws CompileError when the folder has no tokenizer or a malformed one. */
export async function readTokenizer(
  source: ModelSource,
  vocabularySize: number,
  signal: AbortSignal,
): Promise<StoredTokenizer> {
  const names = new Set(await source.names())
  const format = formats.find(({ needs }) => needs.every((name) => names.has(name)))
  if (format === undefined) throw missingTokenizer(names)
  const inputs = new Map<string, Uint8Array>()
  const bytes = async (name: string) => {
    const read = inputs.get(name) ?? (await readBounded(source, name, maximumBytes, signal))
    if (isPointer(read))
      throw new CompileError(name, '', 'is only a pointer of Git LFS: fetch the file that it stands for')
    inputs.set(name, read)
    return read
  }
  const json = async (name: string) => (names.has(name) ? parseJson(await bytes(name), name) : null)
  const { bytes: stored, traits } = await format.read({ rows: vocabularySize, bytes, json })
  return { name: 'tokenizer.json', bytes: stored, traits, inputs: [...inputs.keys()] }
}

/** What was converted passes the same checks as what was published. `file`: the one it was made from. */
function made(tokenizer: object, rows: number, file: string): Made {
  return { bytes: encode(tokenizer), traits: validateTokenizer(tokenizer, rows, file) }
}

function encode(tokenizer: object): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(tokenizer)}\n`)
}

/** What a clone without Git LFS leaves in the place of large files. */
function isPointer(bytes: Uint8Array): boolean {
  const start = 'version https://git-lfs.github.com/spec/'
  return bytes.length < 1024 && new TextDecoder().decode(bytes.subarray(0, start.length)) === start
}

async function sentencePiece(reading: Reading, file: string): Promise<Made> {
  const { rows } = reading
  const model = readSentencePiece(await reading.bytes(file), file)
  const { config, additions } = await declared(reading)
  const plain = { file, rows, additions, firstId: 0, spelled: [], hidden: [] }
  const special = () => (isChatGlm(config) ? chatGlmTokens(model.pieces.length, config, additions) : {})
  const own = file === iceTextFile ? iceText(config) : special()
  return made(fromSentencePiece(model, { ...plain, ...own }), rows, file)
}

async function declared({ json }: Reading) {
  const [config, added, special] = [await json(configName), await json(addedName), await json(specialName)]
  return { config, additions: readAdditions({ config, added, special }) }
}

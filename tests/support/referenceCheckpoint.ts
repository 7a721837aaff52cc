// The reference checkpoints as files in memory, with a small tokenizer, which they lack.
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { byteName } from '../../shared/compiler/tokenizer/pieces.ts'

export const referenceCases = [
  'llama-mha',
  'llama-gqa',
  'llama-linear-rope-tied',
  'llama-attnbias',
  'llama-bf16-sharded',
]

const casesFolder = fileURLToPath(new URL('../fixtures/reference/cases', import.meta.url))

export function caseFolder(name: string): string {
  return `${casesFolder}/${name}`
}

/** config.json, the weights and a tokenizer of 256 pieces or more: `<unk>`, `<s>`, `</s>` and nothing but bytes, as far as the vocabulary goes. */
export async function referenceCheckpoint(name: string): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {}
  for (const file of await readdir(caseFolder(name))) {
    if (!file.startsWith('expected')) files[file] = await readFile(`${caseFolder(name)}/${file}`)
  }
  return { ...files, 'tokenizer.json': new TextEncoder().encode(JSON.stringify(smallTokenizer())) }
}

export function smallTokenizer() {
  const tokens = [
    '<unk>',
    '<s>',
    '</s>',
    '\u2581',
    'a',
    'b',
    '\u2581a',
    'ab',
    ...Array.from({ length: 128 }, (_, byte) => byteName(byte)),
  ]
  return {
    version: '1.0',
    added_tokens: [
      { id: 0, content: '<unk>', single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    ],
    normalizer: { type: 'Prepend', prepend: '\u2581' },
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'ByteFallback' },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: ['\u2581 a', 'a b'],
    },
  }
}

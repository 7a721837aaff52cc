// The repository that faults are tried on: a large file of several blocks, and small ones.
import type { LocalFile, LocalRepository } from '../localHub.ts'

export const blockBytes = 65_536

function content(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17 + (index >> 8) * 7) % 251)
}

export const model: LocalFile = { name: 'model.safetensors', bytes: content(400_000, 1), large: true }
export const files: readonly LocalFile[] = [
  {
    name: 'config.json',
    bytes: Buffer.from('{"model_type":"llama","architectures":["LlamaForCausalLM"]}'),
    large: false,
  },
  { name: 'tokenizer/merges.txt', bytes: content(3000, 2), large: false },
  model,
]
export const commit = 'c'.repeat(40)
export const repository: LocalRepository = { id: 'somebody/model', commit, files, branches: { main: commit } }

// A good PyTorch file and the ways to make it bad.
import { expect } from 'vitest'
import type { TensorEntry } from '../../shared/compiler/checkpoint/safetensors.ts'
import { readTorchTensors } from '../../shared/compiler/checkpoint/torch.ts'
import { CompileError } from '../../shared/errors.ts'
import { memorySource } from './memorySource.ts'
import {
  pickled,
  rowMajor,
  type StateDict,
  type StoredView,
  statePickle,
  storagePickle,
  tensorPickle,
  torchParts,
} from './torchFile.ts'
import { join, type ZipPart, zipFile } from './zipFile.ts'

const { signal } = new AbortController()
const { text, int, list, dict, whole } = pickled

export async function readTorch(file: Uint8Array): Promise<ReadonlyMap<string, TensorEntry>> {
  return await readTorchTensors(
    await memorySource({ 'pytorch_model.bin': file }).open('pytorch_model.bin'),
    'pytorch_model.bin',
    signal,
  )
}

/** The message with which a file is refused. */
export async function refusal(file: Uint8Array): Promise<string> {
  const error = await readTorch(file).then(
    () => 'was read',
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(CompileError)
  const { message } = error as CompileError
  expect(message).toMatch(/^pytorch_model\.bin: /)
  expect(message).not.toContain('\n')
  expect(message.length).toBeLessThan(400)
  return message
}

/** Bytes of a pickle. */
export const bytes = (...values: readonly number[]) => Uint8Array.from(values)
export const view = (...shape: readonly number[]): StoredView => ({
  storage: '0',
  offset: 0,
  shape,
  strides: rowMajor(shape),
})
export const storage = { type: 'FloatStorage', elements: 6, bytes: new Uint8Array(24) }
export const state: StateDict = { storages: { 0: storage }, tensors: { a: view(2, 3), b: view(6) } }
export const parts = torchParts(statePickle(state), state.storages)

/** The good checkpoint with another pickle. */
export const withPickle = (pickle: Uint8Array) => zipFile(torchParts(pickle, state.storages))
/** A state dict of one entry. */
export const withValue = (value: Uint8Array) => withPickle(whole(dict(text('a'), value)))
export const withTensor = (tensor: Partial<StoredView>) =>
  withValue(tensorPickle(storagePickle('0', storage), { ...view(2, 3), ...tensor }))
export const withParts = (change: (part: ZipPart) => ZipPart) => zipFile(parts.map(change))
export const withLies = (name: string, lies: ZipPart['lies'] & object) =>
  withParts((part) => (part.name === `archive/${name}` ? { ...part, lies } : part))
export const plus = (name: string, data = '') => zipFile([...parts, { name, data: new TextEncoder().encode(data) }])

/** A file of the old form whose state dict is this pickle. */
export function legacyOf(pickle: Uint8Array): Uint8Array {
  const start = [
    whole(pickled.long(0x1950_a86a_20f9_469c_fc6cn, 10)),
    whole(int(1001)),
    whole(dict(text('little_endian'), pickled.true)),
  ]
  return join(...start, pickle, whole(list()))
}

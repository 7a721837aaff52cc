// Tensors saved as transposed or permuted views: their elements fill a range of the storage without gaps or repeats, in another order than row by row.
import type { ByteSource } from './bytes.ts'
import { bytesPerElement, type TensorEntry } from './safetensors.ts'

/** 8 MiB at most are read at a time. */
const windowBytes = 8 * 2 ** 20

/**
 * Axes of more than one element, from the widest step to the narrowest: the order in which the storage holds them. null where there are gaps or
 * repeats. Strides of the other axes mean nothing.
 */
export function storageOrder(shape: readonly number[], strides: readonly number[]): readonly number[] | null {
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== 1)
  const order = axes.sort((a, b) => (strides[b] as number) - (strides[a] as number))
  let step = 1
  for (const axis of order.toReversed()) {
    if (strides[axis] !== step) return null
    step *= shape[axis] as number
  }
  return order
}

/** Rows `first` to `first + count` of a tensor with strides, row by row, as the bytes of a 2- or 4-byte type. Reads the range that holds them once. */
export async function readPermutedRows(
  source: ByteSource,
  { shape, strides = [], dtype, offset }: TensorEntry,
  first: number,
  count: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const elementBytes = bytesPerElement[dtype]
  const order = storageOrder(shape, strides)
  const inner = order?.at(-1)
  if (order === null || inner === undefined || (elementBytes !== 2 && elementBytes !== 4))
    throw new RangeError('not a permuted tensor of 2- or 4-byte elements')
  const lengths = shape.map((length, axis) => (axis === 0 ? count : length))
  const steps = lengths.map((_, axis) => lengths.slice(axis + 1).reduce((product, length) => product * length, 1))
  const target = elementsOf(
    new Uint8Array(lengths.reduce((product, length) => product * length, elementBytes)),
    elementBytes,
  )
  const outer = order.slice(0, -1)
  const runs = outer.reduce((product, axis) => product * (lengths[axis] as number), 1)
  const runLength = lengths[inner] as number
  const base = first * (strides[0] as number)
  const last = base + order.reduce((sum, axis) => sum + ((lengths[axis] as number) - 1) * (strides[axis] as number), 0)

  let windowStart = 0
  let window = elementsOf(new Uint8Array(), elementBytes)
  for (let run = 0; run < runs && runLength > 0; run++) {
    let from = base
    let to = 0
    let rest = run
    for (const axis of outer.toReversed()) {
      const index = rest % (lengths[axis] as number)
      rest = (rest - index) / (lengths[axis] as number)
      from += index * (strides[axis] as number)
      to += index * (steps[axis] as number)
    }
    for (let done = 0; done < runLength; ) {
      const at = from + done
      if (at < windowStart || at >= windowStart + window.length) {
        const length = Math.min(windowBytes / elementBytes, last + 1 - at)
        window = elementsOf(await source.read(offset + at * elementBytes, length * elementBytes, signal), elementBytes)
        windowStart = at
      }
      const part = Math.min(runLength - done, windowStart + window.length - at)
      const step = steps[inner] as number
      for (let index = 0; index < part; index++)
        target[to + (done + index) * step] = window[at - windowStart + index] as number
      done += part
    }
  }
  return new Uint8Array(target.buffer)
}

/** An aligned copy where the bytes are not aligned. */
function elementsOf(bytes: Uint8Array, elementBytes: 2 | 4): Uint16Array | Uint32Array {
  const { buffer, byteOffset, length } = bytes.byteOffset % elementBytes === 0 ? bytes : new Uint8Array(bytes)
  return elementBytes === 2
    ? new Uint16Array(buffer, byteOffset, length / 2)
    : new Uint32Array(buffer, byteOffset, length / 4)
}

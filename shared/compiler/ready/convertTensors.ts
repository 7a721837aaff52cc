// Tensors that the graph reads in another float width than they were published in, written anew into a shard of their own.
import { CompileError } from '../../errors.ts'
import type { ModelSource } from '../checkpoint/bytes.ts'
import { narrowFloat16, widenBfloat16, widenFloat16 } from '../checkpoint/float16.ts'
import { quoted } from '../checkpoint/json.ts'
import type { ConvertedTensor } from './matchTensors.ts'
import type { CachedTensor } from './tensorCache.ts'

export const convertedShardFile = 'params_converted.bin'

/** Biases and norms are small; a head of 256,000 rows of 8192 in float32 is the largest matrix anyone publishes so. */
const maximumBytes = 8 * 2 ** 30
const pieceElements = 2 ** 20

/** Hands out the shard piece by piece and gives its contents. Throws CompileError on values that the width cannot hold. */
export async function convertTensors(
  source: ModelSource,
  converted: readonly ConvertedTensor[],
  write: (chunk: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly CachedTensor[]> {
  const tensors: CachedTensor[] = []
  let offset = 0
  for (const { file, tensor, parameter } of converted) {
    const bytes = await source.open(file)
    const elements = parameter.shape.reduce((product, size) => product * size, 1)
    const width = parameter.dtype === 'float16' ? 2 : 4
    const storedWidth = elements === 0 ? 0 : tensor.sizeBytes / elements
    if (offset + elements * width > maximumBytes)
      throw new CompileError(
        file,
        `tensor ${quoted(tensor.name)}`,
        `is too large to be converted to ${parameter.dtype}`,
      )
    for (let first = 0; first < elements; first += pieceElements) {
      const count = Math.min(pieceElements, elements - first)
      const values = new Float32Array(count)
      widen(await bytes.read(tensor.offset + first * storedWidth, count * storedWidth, signal), tensor, values)
      await write(parameter.dtype === 'float16' ? narrowed(values, tensor, file, first) : bytesOf(values))
    }
    const sizeBytes = elements * width
    tensors.push({
      name: tensor.name,
      shape: tensor.shape,
      dtype: parameter.dtype as 'float16' | 'float32',
      format: 'raw',
      sizeBytes,
      offset,
    })
    // The next tensor begins on a multiple of 4 bytes.
    const padding = (4 - (sizeBytes % 4)) % 4
    if (padding > 0) await write(new Uint8Array(padding))
    offset += sizeBytes + padding
  }
  return tensors
}

function widen(bytes: Uint8Array, { dtype, format }: CachedTensor, values: Float32Array): void {
  if (dtype === 'float16') widenFloat16(bytes, values)
  else if (format === 'f32-to-bf16') widenBfloat16(bytes, values)
  else values.set(new Float32Array(bytes.slice().buffer))
}

function narrowed(values: Float32Array, { name }: CachedTensor, file: string, first: number): Uint8Array {
  try {
    return bytesOf(narrowFloat16(values, (index) => first + index))
  } catch (cause) {
    throw new CompileError(file, `tensor ${quoted(name)}`, (cause as Error).message, { cause })
  }
}

function bytesOf(values: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

// Random values for the tensors of a spec, of sizes that keep a model's activations and states near 1.
import type { DecoderSpec, ModelTensor } from '../../shared/compiler/architectures/spec.ts'
import { randomFloats } from './random.ts'

/** Draws the values of one of the spec's tensors, row-major. `next` is uniform in [0, 1). */
export function drawTensor(spec: DecoderSpec, tensor: ModelTensor, next: () => number): Float32Array<ArrayBuffer> {
  const { name, kind, shape } = tensor
  const length = shape.reduce((product, size) => product * size, 1)
  const columns = shape.at(-1) ?? 1
  if (isPoles(spec, name)) return poles(length / 2, next)
  if (name.endsWith('.bias')) return randomFloats(length, next, 0.2)
  if (kind !== 'matrix' && shape.length === 1) return randomFloats(length, next, 0.2).map((value) => value + 1)
  return randomFloats(length, next, 1 / Math.sqrt(columns))
}

function isPoles({ layers }: DecoderSpec, name: string): boolean {
  return layers.some(({ mixer }) => mixer.kind === 'hyena' && mixer.poles === name)
}

/** Complex numbers inside the unit circle, as (real, imaginary): a filter that dies away. */
function poles(count: number, next: () => number): Float32Array<ArrayBuffer> {
  const drawn = Array.from({ length: count }, () => [0.95 * next(), 2 * Math.PI * next()] as const)
  return Float32Array.from(drawn.flatMap(([size, angle]) => [size * Math.cos(angle), size * Math.sin(angle)]))
}

// Products, norms and sums of one token's vectors: float32 in and out, float64 in between.
import type { LinearSpec, NormSpec } from '../../shared/compiler/architectures/spec.ts'

/** A model's tensors by name, row-major float32. */
export type Tensors = (name: string) => Float32Array

/** Looks tensors up by name; a missing one is an error that names it. */
export function tensorsOf(loaded: ReadonlyMap<string, Float32Array>): Tensors {
  return (tensor) => {
    const values = loaded.get(tensor)
    if (values === undefined) throw new Error(`no tensor ${tensor}`)
    return values
  }
}

export type Vector = Float32Array<ArrayBuffer>

/** y = W x + b with the matrix and bias of that name; as many rows as the matrix has. */
export function project(tensors: Tensors, { name, bias }: LinearSpec, x: Float32Array): Vector {
  return product(tensors(`${name}.weight`), x, bias ? tensors(`${name}.bias`) : null)
}

/** y[rows] = weight[rows, columns] x + bias */
export function product(weight: Float32Array, x: Float32Array, bias: Float32Array | null = null): Vector {
  const columns = x.length
  const y = new Float32Array(weight.length / columns)
  for (let row = 0; row < y.length; row++) {
    let sum = bias === null ? 0 : (bias[row] as number)
    for (let column = 0; column < columns; column++)
      sum += (weight[row * columns + column] as number) * (x[column] as number)
    y[row] = sum
  }
  return y
}

/** The norm as NormSpec defines it; null leaves x as it is. */
export function normalise(tensors: Tensors, norm: NormSpec | null, x: Float32Array): Vector {
  if (norm === null) return Float32Array.from(x)
  const mean = norm.kind === 'layer' ? average(x) : 0
  const spread = average(Float64Array.from(x, (value) => (value - mean) ** 2))
  const root = norm.epsilonOutsideRoot ? Math.sqrt(spread) + norm.epsilon : Math.sqrt(spread + norm.epsilon)
  const weight = norm.weight ? tensors(`${norm.name}.weight`) : null
  const bias = norm.bias ? tensors(`${norm.name}.bias`) : null
  return Float32Array.from(x, (value, at) => ((value - mean) / root) * (weight?.[at] ?? 1) + (bias?.[at] ?? 0))
}

/** a + scale * b */
export function add(a: Float32Array, b: Float32Array, scale = 1): Vector {
  return Float32Array.from(a, (value, index) => value + scale * (b[index] as number))
}

function average(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] as number
  return sum / values.length
}

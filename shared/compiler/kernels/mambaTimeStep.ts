// The time steps of a selective state space: softplus of a product with a narrow matrix, for a chunk of tokens a launch of its own, for one token a
// part of the scan. The parameters are rows of [time step, B, C].
import { assembleKernel, type Binding, type Kernel } from './kernel.ts'
import { isQuantized, type LibraryTarget, type WeightFormat } from './target.ts'
import { floatBinding, floatFunction, weightBindings, weightFunctions } from './weights.ts'

export interface MambaShape {
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly innerSize: number
  readonly stateSize: number
  readonly timeStepRank: number
}

/** Channels and tokens of a workgroup: the grid is x = ceil(innerSize / tile.channels), y = ceil(tokens / tile.tokens). */
export const mambaTimeStepTile = { channels: 64, tokens: 4 } as const

/**
 * out[t, c] = softplus(bias[c] + sum_k W[c, k] * parameters[t, k]).
 * Bindings: parameters f32 [tokens, timeStepRank + 2 * stateSize]; q_weight and q_scale, or weight [innerSize, timeStepRank]; bias [innerSize];
 * out f32 [tokens, innerSize]. Scalar: tokens.
 */
export function mambaTimeStep({ name, ...shape }: MambaShape & { readonly name: string }): Kernel {
  const parameters = parametersCode(shape)
  const code = timeStepCode(shape)
  const rows = Array.from({ length: mambaTimeStepTile.tokens }, (_, row) => row)
  return assembleKernel({
    name,
    mathematics: 'out[t, c] = softplus(bias[c] + sum_k W[c, k] * parameters[t, k])',
    enables: shape.target === 'half' ? ['f16'] : [],
    bindings: [parameters.binding, ...code.bindings, { name: 'out', type: 'array<f32>', access: 'read_write' }],
    scalars: ['tokens'],
    workgroupSize: [mambaTimeStepTile.channels],
    declarations: [`const CHANNELS = ${shape.innerSize}u;`, parameters.declarations, code.declarations].join('\n'),
    body: `
let channel = group_x * ${mambaTimeStepTile.channels}u + local_index;
if (channel >= CHANNELS) { return; }
let first = group_y * ${mambaTimeStepTile.tokens}u;
${rows.map((row) => `let row${row} = min(first + ${row}u, args.tokens - 1u) * PARAMETERS;`).join('\n')}
${code.sums(rows.map((row) => `row${row}`))}
${rows.map((row) => `if (first + ${row}u < args.tokens) { out[(first + ${row}u) * CHANNELS + channel] = softplus(sum${row}); }`).join('\n')}`,
  })
}

export interface TimeStepCode {
  /** The matrix and the bias; `parameters` comes from parametersCode. */
  readonly bindings: readonly Binding[]
  readonly declarations: string
  /** Statements that declare sum0, sum1, ... for rows of `parameters` starting at the given places; in scope: `channel`. */
  readonly sums: (rows: readonly string[]) => string
}

/** The product as WGSL over the binding `parameters`, and `softplus(x)`. Loops count from a start unknown to the compiler: Mesa would unroll them. */
export function timeStepCode(shape: MambaShape): TimeStepCode {
  const { target, format, innerSize, timeStepRank } = shape
  const quantized = isQuantized(format) && timeStepRank % 32 === 0
  const weight = { target, format, rows: innerSize, columns: timeStepRank }
  const width = isAligned(shape) ? 4 : 1
  return {
    bindings: [
      ...(quantized ? weightBindings(weight) : [floatBinding('weight', width, format, target)]),
      floatBinding('bias', 1, format, target),
    ],
    declarations: [
      quantized ? weightFunctions(weight) : floatFunction('weight', width, format, target),
      floatFunction('bias', 1, format, target),
      softplusFunction,
    ].join('\n'),
    sums: (rows) =>
      [
        ...rows.map((_, row) => `var sum${row} = bias_at(channel);`),
        ...(quantized ? quantizedSums(rows) : plainSums(rows, width)),
      ].join('\n'),
  }
}

/** The rows of [time step, B, C], each part of which starts at a multiple of 4 or is read one by one. */
export interface ParametersCode {
  readonly binding: Binding
  /** `RANK`, `PARAMETERS`, the columns of a row, and `parameters_at(index)`: four elements from there. */
  readonly declarations: string
  /** Four elements of B or C from the n-th on, zeros past its end; in scope: `row`, where the row starts. */
  readonly four: (part: 'b' | 'c', n: number) => string
}

export function parametersCode(shape: MambaShape): ParametersCode {
  const { innerSize, stateSize, timeStepRank } = shape
  if (![innerSize, stateSize, timeStepRank].every((size) => Number.isInteger(size) && size >= 1))
    throw new Error(`time steps of rank ${timeStepRank} for ${innerSize} channels of ${stateSize} states`)
  const aligned = isAligned(shape)
  const elements = [0, 1, 2, 3]
  const scalars = (at: (lane: number) => string) => `vec4<f32>(${elements.map(at).join(', ')})`
  return {
    binding: { name: 'parameters', type: aligned ? 'array<vec4<f32>>' : 'array<f32>', access: 'read' },
    declarations: `
const RANK = ${timeStepRank}u;
const PARAMETERS = ${timeStepRank + 2 * stateSize}u;
fn parameters_at(index : u32) -> vec4<f32> {
  return ${aligned ? 'parameters[index / 4u]' : scalars((lane) => `parameters[index + ${lane}u]`)};
}`.trim(),
    four: (part, n) => {
      const start = `row + RANK + ${(part === 'b' ? 0 : stateSize) + n}u`
      if (aligned) return `parameters_at(${start})`
      return scalars((lane) => (n + lane < stateSize ? `parameters[${start} + ${lane}u]` : '0.0'))
    },
  }
}

export function isAligned({ stateSize, timeStepRank }: MambaShape): boolean {
  return stateSize % 4 === 0 && timeStepRank % 4 === 0
}

function plainSums(rows: readonly string[], width: 1 | 4): readonly string[] {
  const sum = (row: string) =>
    width === 4
      ? `dot(factor, parameters_at(${row} + 4u * (at - first_weight)))`
      : `factor * parameters[${row} + at - first_weight]`
  return [
    `let first_weight = channel * (RANK / ${width}u);`,
    `for (var at = first_weight; at < first_weight + RANK / ${width}u; at++) {`,
    '  let factor = weight_at(at);',
    ...rows.map((row, index) => `  sum${index} += ${sum(row)};`),
    '}',
  ]
}

/** Word by word: eight columns. */
function quantizedSums(rows: readonly string[]): readonly string[] {
  const half = (row: string, at: number) => `dot(weight${at}, parameters_at(${row} + k + ${at}u))`
  return [
    'let first_weight = channel * (RANK / 8u);',
    'for (var at = first_weight; at < first_weight + RANK / 8u; at++) {',
    '  let eight = nibbles(q_weight[at / 4u][at % 4u]);',
    '  let scale = places * q_scale_at(at / 4u);',
    '  let weight0 = vec4<f32>(eight[0]) * scale;',
    '  let weight4 = vec4<f32>(eight[1]) * scale;',
    '  let k = (at - first_weight) * 8u;',
    ...rows.map((row, index) => `  sum${index} += ${half(row, 0)} + ${half(row, 4)};`),
    '}',
  ]
}

// softplus(x) = max(x, 0) + log(1 + y), y = exp(-|x|), and log(1 + y) = 2 atanh(s), s = y / (2 + y) <= 1/3: WGSL's log is off by 5e-7 near 1, where
// small time steps are made.
const softplusFunction = `
fn softplus(x : f32) -> f32 {
  let y = exp(-min(abs(x), 87.0));
  let s = y / (2.0 + y);
  let q = s * s;
  let series = 1.0 + q * (0.33333333 + q * (0.2 + q * (0.14285714 + q * (0.11111111 + q * (0.09090909 + q * (0.07692308 + q * 0.06666667))))));
  return max(x, 0.0) + 2.0 * s * series;
}`.trim()

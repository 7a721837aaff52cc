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
export const mambaTimeStepTile = { channels: 64, tokens: 8 } as const

/**
 * out[t, c] = softplus(bias[c] + sum_k W[c, k] * parameters[t, k]).
 * Bindings: parameters f32 [tokens, timeStepRank + 2 * stateSize]; q_weight and q_scale, or weight [innerSize, timeStepRank]; bias [innerSize];
 * out f32 [tokens, innerSize]. Scalar: tokens.
 */
export function mambaTimeStep({ name, ...shape }: MambaShape & { readonly name: string }): Kernel {
  const code = timeStepCode(shape)
  const rows = Array.from({ length: mambaTimeStepTile.tokens }, (_, row) => row)
  return assembleKernel({
    name,
    mathematics: 'out[t, c] = softplus(bias[c] + sum_k W[c, k] * parameters[t, k])',
    enables: shape.target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'parameters', type: 'array<f32>', access: 'read' },
      ...code.bindings,
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [mambaTimeStepTile.channels],
    declarations: [`const CHANNELS = ${shape.innerSize}u;`, code.declarations].join('\n'),
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
  /** The matrix and the bias. */
  readonly bindings: readonly Binding[]
  readonly declarations: string
  /** Statements that declare sum0, sum1, ... for rows of `parameters` starting at the given places; in scope: `channel`. */
  readonly sums: (rows: readonly string[]) => string
}

/** The product as WGSL over the binding `parameters`, and `softplus(x)`. */
export function timeStepCode({ target, format, innerSize, stateSize, timeStepRank }: MambaShape): TimeStepCode {
  if (![innerSize, stateSize, timeStepRank].every((size) => Number.isInteger(size) && size >= 1))
    throw new Error(`time steps of rank ${timeStepRank} for ${innerSize} channels of ${stateSize} states`)
  const quantized = isQuantized(format) && timeStepRank % 32 === 0
  const weight = { target, format, rows: innerSize, columns: timeStepRank }
  return {
    bindings: [
      ...(quantized ? weightBindings(weight) : [floatBinding('weight', 1, format, target)]),
      floatBinding('bias', 1, format, target),
    ],
    declarations: [
      `const RANK = ${timeStepRank}u;`,
      `const PARAMETERS = ${timeStepRank + 2 * stateSize}u;`,
      quantized ? weightFunctions(weight) : floatFunction('weight', 1, format, target),
      floatFunction('bias', 1, format, target),
      softplusFunction,
      parametersFunction,
    ].join('\n'),
    sums: (rows) =>
      [
        ...rows.map((_, row) => `var sum${row} = bias_at(channel);`),
        ...(quantized ? quantizedSums(rows) : plainSums(rows)),
      ].join('\n'),
  }
}

function plainSums(rows: readonly string[]): readonly string[] {
  return [
    'for (var k = 0u; k < RANK; k++) {',
    '  let factor = weight_at(channel * RANK + k);',
    ...rows.map((row, index) => `  sum${index} += factor * parameters[${row} + k];`),
    '}',
  ]
}

function quantizedSums(rows: readonly string[]): readonly string[] {
  return [
    'for (var chunk = 0u; chunk < RANK / 32u; chunk++) {',
    '  let words = q_weight[channel * (RANK / 32u) + chunk];',
    '  let scale = q_scale_at(channel * (RANK / 32u) + chunk);',
    ...[0, 1, 2, 3].flatMap((word) => [
      `  let four${word} = nibbles(words[${word}]);`,
      ...[0, 1].flatMap((half) => [
        `  let w${word}${half} = vec4<f32>(four${word}[${half}]) * places * scale;`,
        ...rows.map(
          (row, index) =>
            `  sum${index} += dot(w${word}${half}, parameters_at(${row} + chunk * 32u + ${word * 8 + half * 4}u));`,
        ),
      ]),
    ]),
    '}',
  ]
}

const parametersFunction = `
fn parameters_at(index : u32) -> vec4<f32> {
  return vec4<f32>(parameters[index], parameters[index + 1u], parameters[index + 2u], parameters[index + 3u]);
}`.trim()

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

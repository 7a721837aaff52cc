// A causal convolution of each channel with its own short filter, over what comes in now and the last inputs of the passes before. What is kept between
// passes are those inputs, oldest first: [size - 1, channels]. At position 0 they count as zero, whatever the buffer holds.
import { activationFunction } from './activation.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'
import { floatBinding, floatFunction } from './weights.ts'

export interface ShortConvolutionOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly channels: number
  /** Columns of a row of x, of which the channels are the first. */
  readonly stride: number
  /** Taps, at least 2. */
  readonly size: number
  readonly bias: boolean
}

/** Channels and tokens of a workgroup: the grid is x = ceil(channels / tile.channels), y = ceil(tokens / tile.tokens). */
export const shortConvolutionTile = { channels: 64, tokens: 16 } as const

/**
 * out[t, c] = silu(bias[c] + sum_k weight[c, k] * x[t - size + 1 + k, c]).
 * Bindings: x f32 [tokens, stride]; weight [channels, size]; bias [channels] when bias; inputs f32 [size - 1, channels], read and written;
 * out f32 [tokens, channels]. Scalars: tokens, position.
 */
export function shortConvolution(o: ShortConvolutionOptions): Kernel {
  const { name, target, format, channels, stride, size, bias } = o
  if (!(Number.isInteger(channels) && channels >= 1 && stride >= channels && Number.isInteger(size) && size >= 2))
    throw new Error(`${name}: ${channels} channels in rows of ${stride}, ${size} taps`)
  const before = Array.from({ length: size - 1 }, (_, k) => k)
  return assembleKernel({
    name,
    mathematics: `out[t, c] = silu(${bias ? 'bias[c] + ' : ''}sum_k weight[c, k] * x[t - ${size - 1} + k, c])`,
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<f32>', access: 'read' },
      floatBinding('weight', 1, format, target),
      ...(bias ? [floatBinding('bias', 1, format, target)] : []),
      { name: 'inputs', type: 'array<f32>', access: 'read_write' },
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [shortConvolutionTile.channels],
    declarations: [
      `const CHANNELS = ${channels}u;`,
      `const STRIDE = ${stride}u;`,
      `const BEFORE = ${size - 1}u;`,
      `const TOKENS = ${shortConvolutionTile.tokens}u;`,
      floatFunction('weight', 1, format, target),
      ...(bias ? [floatFunction('bias', 1, format, target)] : []),
      activationFunction('silu'),
      inputFunction,
    ].join('\n'),
    body: `
let channel = group_x * ${shortConvolutionTile.channels}u + local_index;
if (channel >= CHANNELS) { return; }
let first = group_y * TOKENS;
${before.map((k) => `var before${k} = input_at(first + ${k}u, channel);`).join('\n')}
${[...before, size - 1].map((k) => `let weight${k} = weight_at(channel * ${size}u + ${k}u);`).join('\n')}
let start = ${bias ? 'bias_at(channel)' : '0.0'};
for (var t = first; t < min(first + TOKENS, args.tokens); t++) {
  let now = x[t * STRIDE + channel];
  let sum = start + ${[...before.map((k) => `weight${k} * before${k}`), `weight${size - 1} * now`].join(' + ')};
  out[t * CHANNELS + channel] = activate(sum);
${before.map((k) => `  before${k} = ${k === size - 2 ? 'now' : `before${k + 1}`};`).join('\n')}
}
// Nobody else reads or writes what this channel keeps: the tokens behind come from x.
if (first > 0u) { return; }
${before.map((k) => `let kept${k} = input_at(args.tokens + ${k}u, channel);`).join('\n')}
${before.map((k) => `inputs[${k}u * CHANNELS + channel] = kept${k};`).join('\n')}`,
  })
}

/** WGSL: the input `BEFORE` tokens before token `index` of this pass. */
const inputFunction = `
fn input_at(index : u32, channel : u32) -> f32 {
  if (index >= BEFORE) { return x[(index - BEFORE) * STRIDE + channel]; }
  if (args.position == 0u) { return 0.0; }
  return inputs[index * CHANNELS + channel];
}`.trim()

// A Hyena filter with its gates (togethercomputer/stripedhyena 7e13f61, stripedhyena/engine.py, step_fir and step_iir): each channel walks its tokens one
// after the other with its complex state in registers. Kept between passes: the last inputs of the short filter, oldest first, [size - 1, 3 * channels],
// and the state, [stateSize, channels]. Both count as zero at position 0, whatever the buffers hold.
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'
import { floatBinding, floatFunction } from './weights.ts'

export interface HyenaFilterOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly channels: number
  /** Taps of the short filter, at least 2. */
  readonly shortFilterSize: number
  readonly shortFilterBias: boolean
  readonly stateSize: number
}

/** Channels of a workgroup: grid x = ceil(channels / hyenaFilterChannels). */
export const hyenaFilterChannels = 64

/**
 * [a, b, v] = the short filter of x; state = poles state + b v; out[t, c] = a (Re(sum residues state) + skip[c] b v).
 * Bindings: x f32 [tokens, 3 * channels]: all a, all b, all v; short_weight [3 * channels, size]; short_bias [3 * channels] when there is one;
 * poles and residues complex f32 [channels, stateSize]; skip [channels]; inputs f32 and state complex f32, read and written; out f32
 * [tokens, channels]. Scalars: tokens, position.
 */
export function hyenaFilter(o: HyenaFilterOptions): Kernel {
  const { name, target, format, channels, shortFilterSize: size, stateSize } = o
  const valid = [channels, stateSize, size - 1].every((value) => Number.isInteger(value) && value >= 1)
  if (!valid) throw new Error(`${name}: ${channels} channels of ${stateSize} states, ${size} taps`)
  const bias = o.shortFilterBias
  const complex = 'array<vec2<f32>>'
  const before = Array.from({ length: size - 1 }, (_, k) => k)
  const states = Array.from({ length: stateSize }, (_, n) => n)
  const forParts = (make: (part: string, index: number) => string) => ['a', 'b', 'v'].map(make).join('\n')
  return assembleKernel({
    name,
    mathematics:
      'state = poles state + b v; out[t, c] = a (Re(sum residues state) + skip[c] b v), [a, b, v] = short filter of x',
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<f32>', access: 'read' },
      floatBinding('short_weight', 1, format, target),
      ...(bias ? [floatBinding('short_bias', 1, format, target)] : []),
      { name: 'poles', type: complex, access: 'read' },
      { name: 'residues', type: complex, access: 'read' },
      floatBinding('skip', 1, format, target),
      { name: 'inputs', type: 'array<f32>', access: 'read_write' },
      { name: 'state', type: complex, access: 'read_write' },
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [hyenaFilterChannels],
    declarations: [
      `const CHANNELS = ${channels}u;`,
      floatFunction('short_weight', 1, format, target),
      ...(bias ? [floatFunction('short_bias', 1, format, target)] : []),
      floatFunction('skip', 1, format, target),
      `
fn turned(a : vec2<f32>, b : vec2<f32>) -> vec2<f32> { return vec2<f32>(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }`.trim(),
    ].join('\n'),
    body: `
let channel = group_x * ${hyenaFilterChannels}u + local_index;
if (channel >= CHANNELS) { return; }
let skipped = skip_at(channel);
${forParts((part, index) =>
  [
    `let ${part}_channel = channel + ${index}u * CHANNELS;`,
    `let ${part}_start = ${bias ? `short_bias_at(${part}_channel)` : '0.0'};`,
    ...[...before, size - 1].map(
      (k) => `let ${part}_weight${k} = short_weight_at(${part}_channel * ${size}u + ${k}u);`,
    ),
    ...before.map((k) => `var ${part}_before${k} = 0.0;`),
  ].join('\n'),
)}
${states.map((n) => `let pole${n} = poles[channel * ${stateSize}u + ${n}u];`).join('\n')}
${states.map((n) => `let residue${n} = residues[channel * ${stateSize}u + ${n}u];`).join('\n')}
${states.map((n) => `var state${n} = vec2<f32>();`).join('\n')}
if (args.position > 0u) {
${forParts((part) => before.map((k) => `  ${part}_before${k} = inputs[${k}u * 3u * CHANNELS + ${part}_channel];`).join('\n'))}
${states.map((n) => `  state${n} = state[${n}u * CHANNELS + channel];`).join('\n')}
}
for (var t = 0u; t < args.tokens; t++) {
${forParts((part) =>
  [
    `  let ${part}_now = x[t * 3u * CHANNELS + ${part}_channel];`,
    `  let ${part} = ${part}_start + ${[...before.map((k) => `${part}_weight${k} * ${part}_before${k}`), `${part}_weight${size - 1} * ${part}_now`].join(' + ')};`,
    ...before.map((k) => `  ${part}_before${k} = ${part}_${k === size - 2 ? 'now' : `before${k + 1}`};`),
  ].join('\n'),
)}
  let driven = b * v;
  var y = skipped * driven;
${states
  .map(
    (n) => `  state${n} = turned(pole${n}, state${n}) + vec2<f32>(driven, 0.0);
  y += residue${n}.x * state${n}.x - residue${n}.y * state${n}.y;`,
  )
  .join('\n')}
  out[t * CHANNELS + channel] = a * y;
}
${forParts((part) => before.map((k) => `inputs[${k}u * 3u * CHANNELS + ${part}_channel] = ${part}_before${k};`).join('\n'))}
${states.map((n) => `state[${n}u * CHANNELS + channel] = state${n};`).join('\n')}`,
  })
}

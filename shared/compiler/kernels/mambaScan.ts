// The selective scan (Gu and Dao 2023, arXiv:2312.00752, algorithm 2): each channel walks its tokens one after the other with its state in registers.
// The state is kept between passes as vec4s, [ceil(stateSize / 4), innerSize], and counts as zero at position 0, whatever the buffer holds.
import { activationFunction } from './activation.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { isAligned, type MambaShape, parametersCode, timeStepCode } from './mambaTimeStep.ts'
import { floatBinding, floatFunction } from './weights.ts'

export interface MambaScanOptions extends MambaShape {
  readonly name: string
  /** Computed by mambaTimeStep before, or here: where a pass is one token, a launch costs more than the product. */
  readonly timeStep: 'given' | 'fused'
}

/** Channels of a workgroup: grid x = ceil(innerSize / mambaScanChannels). */
export const mambaScanChannels = 64

/** Bytes of the state of a layer. */
export function mambaStateBytes({ innerSize, stateSize }: Pick<MambaShape, 'innerSize' | 'stateSize'>): number {
  return Math.ceil(stateSize / 4) * innerSize * 16
}

/**
 * state = exp(d A) state + d u B; out[t, c] = (C . state + skip[c] u[t, c]) silu(gate[t, c]), d the time step, A = -exp(log_a[c]).
 * Bindings: u f32 [tokens, innerSize]; projected f32 [tokens, 2 * innerSize], its second half the gate; parameters f32 [tokens, timeStepRank +
 * 2 * stateSize] = [time step, B, C]; time_step f32 [tokens, innerSize] when given, or the matrix and bias of mambaTimeStep; log_a f32
 * [innerSize, stateSize]; skip [innerSize]; state, read and written; out f32 [tokens, innerSize]. Scalars: tokens, position.
 */
export function mambaScan(o: MambaScanOptions): Kernel {
  const { target, format, innerSize, stateSize } = o
  const code = timeStepCode(o)
  const parameters = parametersCode(o)
  const fused = o.timeStep === 'fused'
  const blocks = Array.from({ length: Math.ceil(stateSize / 4) }, (_, block) => block)
  const vectors = isAligned(o)
  /** Four of a channel's A from the n-th on, zeros past its end. */
  const logA = (n: number) =>
    vectors
      ? `log_a[channel * ${stateSize / 4}u + ${n / 4}u]`
      : `vec4<f32>(${[0, 1, 2, 3].map((lane) => (n + lane < stateSize ? `log_a[channel * ${stateSize}u + ${n + lane}u]` : '0.0')).join(', ')})`
  return assembleKernel({
    name: o.name,
    mathematics: 'state = exp(d A) state + d u B; out[t, c] = (C . state + skip[c] u[t, c]) silu(gate[t, c])',
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'u', type: 'array<f32>', access: 'read' },
      { name: 'projected', type: 'array<f32>', access: 'read' },
      parameters.binding,
      ...(fused ? code.bindings : [{ name: 'time_step', type: 'array<f32>', access: 'read' } as const]),
      { name: 'log_a', type: vectors ? 'array<vec4<f32>>' : 'array<f32>', access: 'read' },
      floatBinding('skip', 1, format, target),
      { name: 'state', type: 'array<vec4<f32>>', access: 'read_write' },
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [mambaScanChannels],
    declarations: [
      `const CHANNELS = ${innerSize}u;`,
      parameters.declarations,
      ...(fused ? [code.declarations] : []),
      floatFunction('skip', 1, format, target),
      activationFunction('silu'),
    ].join('\n'),
    body: `
let channel = group_x * ${mambaScanChannels}u + local_index;
if (channel >= CHANNELS) { return; }
let skipped = skip_at(channel);
${blocks.map((block) => `let a${block} = -exp(${logA(4 * block)});`).join('\n')}
${blocks.map((block) => `var state${block} = vec4<f32>();`).join('\n')}
if (args.position > 0u) {
${blocks.map((block) => `  state${block} = state[${block}u * CHANNELS + channel];`).join('\n')}
}
for (var t = 0u; t < args.tokens; t++) {
  let row = t * PARAMETERS;
  let input = u[t * CHANNELS + channel];
${fused ? indent(code.sums(['row'])) : ''}
  let step = ${fused ? 'softplus(sum0)' : 'time_step[t * CHANNELS + channel]'};
  let driven = step * input;
  var y = skipped * input;
${blocks
  .map((block) => {
    const [b, c] = [parameters.four('b', 4 * block), parameters.four('c', 4 * block)]
    return `  state${block} = exp(step * a${block}) * state${block} + driven * ${b};\n  y += dot(state${block}, ${c});`
  })
  .join('\n')}
  out[t * CHANNELS + channel] = y * activate(projected[(2u * t + 1u) * CHANNELS + channel]);
}
${blocks.map((block) => `state[${block}u * CHANNELS + channel] = state${block};`).join('\n')}`,
  })
}

function indent(code: string): string {
  return code.replace(/^/gm, '  ')
}

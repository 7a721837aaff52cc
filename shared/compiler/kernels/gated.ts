// The gate of a feed-forward layer (GLU variants, Shazeer 2020, arXiv:2002.05202) for a chunk of tokens; one token's gate is fused into its
// matrix-vector product.
import type { Activation } from '../architectures/spec.ts'
import { activationFunction, activationName } from './activation.ts'
import { assembleKernel, type Kernel } from './kernel.ts'

export interface GatedOptions {
  readonly name: string
  /** Of the result: half of what comes in. */
  readonly size: number
  readonly activation: Activation
  /** Which half of gate_up is the gate. */
  readonly gate: 'first' | 'second'
}

/** Bindings gate_up [tokens, 2 * size], out [tokens, size]; scalar tokens; grid x = tokens * ceil(size / 256). */
export function gated({ name, size, activation, gate }: GatedOptions): Kernel {
  if (!Number.isInteger(size) || size < 1) throw new Error(`${name}: size ${size}, expected a positive integer`)
  const halves =
    gate === 'first' ? ['gate_up[t, i]', 'gate_up[t, i + size]'] : ['gate_up[t, i + size]', 'gate_up[t, i]']
  const [gateAt, upAt] = gate === 'first' ? ['start', 'start + SIZE'] : ['start + SIZE', 'start']
  return assembleKernel({
    name,
    mathematics: `out[t, i] = ${activationName(activation)}(${halves[0]}) * ${halves[1]}`,
    bindings: [
      { name: 'gate_up', type: 'array<f32>', access: 'read' },
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [256],
    declarations: `
const SIZE = ${size}u;
const GROUPS_PER_TOKEN = ${Math.ceil(size / 256)}u;
${activationFunction(activation)}`,
    body: `
let token = group_x / GROUPS_PER_TOKEN;
let i = group_x % GROUPS_PER_TOKEN * 256u + local_index;
if (token >= args.tokens || i >= SIZE) { return; }
let start = token * 2u * SIZE + i;
out[token * SIZE + i] = activate(gate_up[${gateAt}]) * gate_up[${upAt}];`,
  })
}

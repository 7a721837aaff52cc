// SwiGLU's gate (Shazeer 2020, arXiv:2002.05202) for a chunk of tokens; one token's gate is fused into its matrix-vector product.
import { assembleKernel, type Kernel } from './kernel.ts'

export interface GatedSiluOptions {
  readonly name: string
  readonly intermediate: number
}

/** Bindings gate_up [tokens, 2 * intermediate] (gate first), out [tokens, intermediate]; scalar tokens; grid x = tokens * ceil(intermediate / 256). */
export function gatedSilu({ name, intermediate }: GatedSiluOptions): Kernel {
  if (!Number.isInteger(intermediate) || intermediate < 1) {
    throw new Error(`${name}: intermediate size ${intermediate}, expected a positive integer`)
  }
  return assembleKernel({
    name,
    mathematics: 'out[t, i] = silu(gate_up[t, i]) * gate_up[t, i + intermediate], silu(g) = g / (1 + exp(-g))',
    bindings: [
      { name: 'gate_up', type: 'array<f32>', access: 'read' },
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [256],
    declarations: `
const LEAST = -87.0;
const INTERMEDIATE = ${intermediate}u;
const GROUPS_PER_TOKEN = ${Math.ceil(intermediate / 256)}u;`,
    // Below -88 exp(-gate) overflows, and an infinity is not portable; silu(-87) is -1e-36.
    body: `
let token = group_x / GROUPS_PER_TOKEN;
let i = group_x % GROUPS_PER_TOKEN * 256u + local_index;
if (token >= args.tokens || i >= INTERMEDIATE) { return; }
let gate = max(gate_up[token * 2u * INTERMEDIATE + i], LEAST);
let up = gate_up[(token * 2u + 1u) * INTERMEDIATE + i];
out[token * INTERMEDIATE + i] = gate / (1.0 + exp(-gate)) * up;`,
  })
}

// Adds what the chosen experts gave a token to its row of the residual stream, in the order of their rank, so that equal inputs give equal bits.
import { assembleKernel, type Kernel, wgslFloat } from './kernel.ts'

export interface ExpertsCombineOptions {
  readonly name: string
  /** A multiple of 4. */
  readonly columns: number
  readonly chosen: number
  /** Of what is in the residual stream already. */
  readonly scale: number
}

const lanes = 256

/** Workgroups per token: grid x = tokens * it. */
export function expertsCombineGroupsPerToken({ columns }: Pick<ExpertsCombineOptions, 'columns'>): number {
  return Math.ceil(columns / 4 / lanes)
}

/** Bindings y f32 [tokens, chosen, columns], out f32 [tokens, columns]; scalar tokens. */
export function expertsCombine(o: ExpertsCombineOptions): Kernel {
  const { name, columns, chosen, scale } = o
  if (!Number.isInteger(columns) || columns < 4 || columns % 4 !== 0)
    throw new Error(`kernel ${name}: ${columns} columns, expected a positive multiple of 4`)
  const factor = scale === 1 ? '' : `${wgslFloat(Math.fround(scale))} * `
  return assembleKernel({
    name,
    mathematics: `out[t, k] = ${factor}out[t, k] + sum_c y[t, c, k]`,
    bindings: [
      { name: 'y', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [lanes],
    declarations: `
const vectors = ${columns / 4}u;
const chosen = ${chosen}u;
const groups_per_token = ${expertsCombineGroupsPerToken(o)}u;`,
    body: `
let token = group_x / groups_per_token;
let k = group_x % groups_per_token * ${lanes}u + local_index;
if (token >= args.tokens || k >= vectors) { return; }
var sum = vec4<f32>();
for (var rank = 0u; rank < chosen; rank++) { sum += y[(token * chosen + rank) * vectors + k]; }
out[token * vectors + k] = ${factor}out[token * vectors + k] + sum;`,
  })
}

// A chunk of tokens times the weight matrices of the experts they go to: matmul over tiles of choices (expertsGroup), each with the matrix of its expert.
// A matrix is read once per tile of its own choices, and not at all when it has none. Shares are applied between the two products, as in expertsMatvec.
import type { Activation } from '../architectures/spec.ts'
import { type EpilogueCode, epilogueCode } from './epilogues.ts'
import { noChoice } from './expertsGroup.ts'
import { checkExperts } from './expertsRoute.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import {
  type TileCode,
  type TileSum,
  tileConstants,
  tileLanes,
  tileMemory,
  tileOf,
  tileProduct,
  tileTokenLines,
} from './tile.ts'
import { checkWeightShape, type WeightShape, weightBindings } from './weights.ts'

/** rows and columns are those of one expert's matrix. */
export interface ExpertsMatmulOptions extends WeightShape {
  readonly name: string
  readonly count: number
  readonly chosen: number
  /**
   * - gated: x has a row for each token; out[c, i] = shares[c] * activation(y[c, i]) * y[c, i + rows / 2]
   * - store: x has a row for each choice; out = y
   */
  readonly epilogue: { readonly kind: 'gated'; readonly activation: Activation } | { readonly kind: 'store' }
}

/** Choices of a workgroup, the tile expertsGroup must make; units (pairs of rows with gated) of a workgroup: grid x = ceil(units / tile.units). */
export function expertsMatmulTile({ target, epilogue }: Pick<ExpertsMatmulOptions, 'target' | 'epilogue'>): {
  readonly choices: number
  readonly units: number
} {
  const { tokens, rows } = tileOf(target)
  return { choices: tokens, units: epilogue.kind === 'gated' ? rows / 2 : rows }
}

/**
 * y[c,n] = sum_k W[expert of c, n, k] * x[c,k] for every choice c, then the epilogue. Grid y: the tiles expertsGroup may have made.
 * Bindings: x f32 [tokens, columns], with store [tokens * chosen, columns]; experts u32 [tiles] and choices u32 [tiles, tile] from expertsGroup; with gated
 * shares f32 [tokens * chosen]; q_weight and q_scale, or weight, of all experts, [count, rows, columns]; out f32 [tokens * chosen, rows or rows / 2].
 * Scalar: tokens. Throws on impossible shapes.
 */
export function expertsMatmul(o: ExpertsMatmulOptions): Kernel {
  const { name, target, rows, chosen } = o
  checkExperts(name, o)
  checkWeightShape(name, o)
  const gated = o.epilogue.kind === 'gated'
  const epilogue = epilogueCode(
    o.epilogue.kind === 'gated' ? { ...o.epilogue, gate: 'first' } : { kind: 'store', scale: 1 },
    rows,
    target,
  )
  const units = rows / epilogue.ways
  return assembleKernel({
    name,
    mathematics: gated
      ? `y[c,n] = sum_k W[e,n,k] * x[t,k], token t goes to expert e by choice c; out[c,i] = shares[c] * ${o.epilogue.activation}(y[c,i]) * y[c,i + ${units}]`
      : 'out[c,n] = sum_k W[e,n,k] * x[c,k], choice c is of expert e',
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'experts', type: 'array<u32>', access: 'read' },
      { name: 'choices', type: 'array<u32>', access: 'read' },
      ...(gated ? [{ name: 'shares', type: 'array<f32>', access: 'read' } as const] : []),
      ...weightBindings(o),
      ...epilogue.bindings,
    ],
    scalars: ['tokens'],
    workgroupSize: [tileLanes(target)],
    declarations: [
      ...tileConstants(o),
      `const units = ${units}u;`,
      `const chosen = ${chosen}u;`,
      `const none = ${noChoice}u;`,
      epilogue.declarations,
      ...tileMemory(o),
      gated
        ? `
fn store(choice : u32, unit : u32, y0 : f32, y1 : f32) {
  if (choice != none && unit < units) { finish(choice * units + unit, y0, shares[choice] * y1); }
}`.trim()
        : `
fn store(choice : u32, unit : u32, y0 : f32) {
  if (choice != none && unit < units) { finish(choice * units + unit, y0); }
}`.trim(),
    ].join('\n'),
    body: tileProduct(o, tileCode(o, epilogue)),
  })
}

/** A tile has the gate's rows of its units first, then the other half's: an invocation holds the same lines of both. */
function tileCode(o: ExpertsMatmulOptions, { ways }: EpilogueCode): TileCode {
  const { target } = o
  const tile = tileOf(target)
  const alone = target === 'software'
  const lines = alone ? tile.rows / tileLanes(target) : tile.rows
  const unitsEach = lines / ways
  const rowOfX = (choice: string) => (o.epilogue.kind === 'gated' ? `${choice} / chosen` : choice)
  const choices = tileTokenLines(target).map((line, index) => `let choice${index} = choices[first_choice + ${line}];`)
  return {
    start: `
let expert = experts[group_y];
if (expert == none) { return; }
let first_unit = ${alone ? `(group_x * ${tileLanes(target)}u + local_index)` : 'group_x'} * ${unitsEach}u;
${alone ? 'if (first_unit >= units) { return; }' : ''}
let first_choice = group_y * ${tile.tokens}u;
${choices.join('\n')}`.trim(),
    token: (_, index) =>
      alone ? `select(${rowOfX(`choice${index}`)}, 0u, choice${index} == none)` : rowOfX(`choice${index}`),
    tokens: o.epilogue.kind === 'gated' ? 'args.tokens' : 'args.tokens * chosen',
    row: (line) =>
      `(expert * rows + unit_row(min(first_unit + ${line} % ${unitsEach}u, units - 1u), ${line} / ${unitsEach}u))`,
    store: (line, index, sums) => {
      const choice = alone ? `choice${index}` : `choices[first_choice + ${line}]`
      const perWay = sums.length / ways
      const of = (cells: readonly TileSum[]) =>
        `store(${[choice, `first_unit + ${cells[0]?.line}`, ...cells.map(({ sum }) => sum)].join(', ')});`
      return sums.slice(0, perWay).map((_, unit) => of(sums.filter((__, at) => at % perWay === unit)))
    },
  }
}

// One token times the weight matrices of the experts it goes to: matvec with a matrix per expert, of which only the chosen ones are read. The experts'
// shares are applied between the two products, since the second is linear; so it can add all experts up as if they were one long row.
import type { Activation } from '../architectures/spec.ts'
import { type EpilogueCode, epilogueCode } from './epilogues.ts'
import { checkExperts } from './expertsRoute.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { accumulateChunk } from './matvec.ts'
import { checkWeightShape, chunksPerRow, type WeightShape, weightBindings, weightFunctions } from './weights.ts'

/** rows and columns are those of one expert's matrix. */
export interface ExpertsMatvecOptions extends WeightShape {
  readonly name: string
  readonly count: number
  readonly chosen: number
  /**
   * - gated: a row of x for all; out[c, i] = shares[c] * activation(y_c[i]) * y_c[i + rows / 2], a row for each chosen expert
   * - addResidual: a row of x for each; out = scale * out + sum_c y_c
   */
  readonly epilogue:
    | { readonly kind: 'gated'; readonly activation: Activation }
    | { readonly kind: 'addResidual'; readonly scale: number }
}

/** Invocations along the columns, and side by side along the rows. */
const columnLanes = 32
const rowLanes = 4
/** Without barriers: invocations of a workgroup, and rows of each. */
const software = { lanes: 16, rows: 4 }

/**
 * y_c = W[ids[c]] x_c for the chosen experts c, then the epilogue.
 * Bindings: x f32 [columns], with addResidual [chosen, columns]; ids u32 [chosen]; with gated shares f32 [chosen]; q_weight and q_scale, or weight, of
 * all experts, [count, rows, columns]; out f32 [chosen, rows / 2], with addResidual [rows]. Throws on impossible shapes.
 */
export function expertsMatvec(o: ExpertsMatvecOptions): Kernel {
  const { name, target, rows, columns, chosen } = o
  checkExperts(name, o)
  checkWeightShape(name, o)
  const epilogue = epilogueOf(o)
  const flat = target === 'software'
  return assembleKernel({
    name,
    mathematics: `y_c[n] = sum_k W[ids[c],n,k] * ${o.epilogue.kind === 'gated' ? 'x[k]' : 'x[c,k]'}; ${mathematics(o)}`,
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'ids', type: 'array<u32>', access: 'read' },
      ...(o.epilogue.kind === 'gated' ? [{ name: 'shares', type: 'array<f32>', access: 'read' } as const] : []),
      ...weightBindings(o),
      ...epilogue.bindings,
    ],
    scalars: [],
    workgroupSize: [flat ? software.lanes : columnLanes * rowLanes],
    declarations: [
      `const rows = ${rows}u;`,
      `const columns4 = ${columns / 4}u;`,
      `const chunks = ${chunksPerRow(o)}u;`,
      `const units = ${rows / epilogue.ways}u;`,
      ...(o.epilogue.kind === 'gated' ? [] : [`const chosen = ${chosen}u;`]),
      weightFunctions(o),
      epilogue.declarations,
      ...(flat ? [] : [`var<workgroup> partial : array<f32, ${columnLanes * rowLanes * rowsPerInvocation(o)}>;`]),
    ].join('\n'),
    body: flat ? softwareBody(o, epilogue) : reductionBody(o, epilogue),
  })
}

/** Workgroups along x and y. */
export function expertsMatvecGrid(o: Omit<ExpertsMatvecOptions, 'name'>): readonly [x: number, y: number] {
  const rows = o.target === 'software' ? software.lanes * software.rows : rowLanes * rowsPerInvocation(o)
  return [Math.ceil(o.rows / rows), o.epilogue.kind === 'gated' ? o.chosen : 1]
}

/** As in matvec: more rows share each read of x, fewer make more workgroups of a small matrix. */
function rowsPerInvocation({ rows }: Pick<ExpertsMatvecOptions, 'rows'>): number {
  return rows >= 16_384 ? 4 : 2
}

function epilogueOf({ epilogue, rows, target }: ExpertsMatvecOptions): EpilogueCode {
  return epilogueCode(epilogue.kind === 'gated' ? { ...epilogue, gate: 'first' } : epilogue, rows, target)
}

function mathematics({ epilogue, rows }: ExpertsMatvecOptions): string {
  if (epilogue.kind === 'gated') return `out[c,i] = shares[c] * ${epilogue.activation}(y_c[i]) * y_c[i + ${rows / 2}]`
  return `out[n] = ${epilogue.scale === 1 ? '' : `${epilogue.scale} * `}out[n] + sum_c y_c[n]`
}

/** 32 invocations walk the columns of a row, then one sums their parts. Row j of an invocation is slot row_lane + 4 j of the workgroup. */
function reductionBody(o: ExpertsMatvecOptions, { ways }: EpilogueCode): string {
  const rowsEach = rowsPerInvocation(o)
  const slots = rowLanes * rowsEach
  const unitsPerGroup = slots / ways
  const sums = ways === 2 ? ['y0', 'y1'] : ['y0']
  const row = (j: number) => {
    const slot = j * rowLanes
    return `unit_row(min(first_unit + row_lane + ${slot % unitsPerGroup}u, units - 1u), ${Math.floor(slot / unitsPerGroup)}u)`
  }
  return `
let column_lane = (local_index & 7u) | ((local_index >> 5u) << 3u);
let row_lane = (local_index >> 3u) & 3u;
let first_unit = group_x * ${unitsPerGroup}u;
${products(
  o,
  Array.from({ length: rowsEach }, (_, j) => row(j)),
  'column_lane',
  columnLanes,
)}
${Array.from({ length: rowsEach }, (_, j) => `partial[column_lane * ${slots}u + row_lane + ${j * rowLanes}u] = sum${j};`).join('\n')}
workgroupBarrier();
let unit = first_unit + local_index;
if (local_index >= ${unitsPerGroup}u || unit >= units) { return; }
${sums.map((sum) => `var ${sum} = 0.0;`).join('\n')}
for (var lane = 0u; lane < ${columnLanes}u; lane++) {
${sums.map((sum, way) => `  ${sum} += partial[lane * ${slots}u + local_index + ${way * unitsPerGroup}u];`).join('\n')}
}
${finish(o, 'unit', sums)}`
}

/** One invocation walks whole rows. */
function softwareBody(o: ExpertsMatvecOptions, { ways }: EpilogueCode): string {
  const unitsEach = software.rows / ways
  const units = Array.from({ length: unitsEach }, (_, u) => u)
  const rows = units.flatMap((u) =>
    Array.from({ length: ways }, (_, way) => `unit_row(min(first_unit + ${u}u, units - 1u), ${way}u)`),
  )
  const finishes = units.map((u) => {
    const sums = Array.from({ length: ways }, (_, way) => `sum${u * ways + way}`)
    return `if (first_unit + ${u}u < units) { ${finish(o, `first_unit + ${u}u`, sums)} }`
  })
  return `
let first_unit = (group_x * ${software.lanes}u + local_index) * ${unitsEach}u;
if (first_unit >= units) { return; }
${products(o, rows, '0u', 1)}
${finishes.join('\n')}`
}

/** Declares `sum0` and on: the products of some rows, with one expert or added up over all. */
function products(o: ExpertsMatvecOptions, rows: readonly string[], first: string, step: number): string {
  const indices = rows.map((_, j) => j)
  const one = (rank: string, xBase: string) => `
let expert_row = ids[${rank}] * rows;
let x_base = ${xBase};
${rows.map((row, j) => `let base${j} = (expert_row + ${row}) * chunks;`).join('\n')}
for (var chunk = ${first}; chunk < chunks; chunk += ${step}u) {
${accumulateChunk({ ...o, norm: null }, indices)}
}`
  return [
    ...indices.map((j) => `var sum${j} = 0.0;`),
    ...(o.epilogue.kind === 'gated'
      ? [one('group_y', '0u')]
      : ['for (var rank = 0u; rank < chosen; rank++) {', one('rank', 'rank * columns4'), '}']),
  ].join('\n')
}

/** An expert's results lie behind those of the experts before it; its share is applied to the half that is not the gate. */
function finish(o: ExpertsMatvecOptions, unit: string, sums: readonly string[]): string {
  if (o.epilogue.kind === 'addResidual') return `finish(${unit}, ${sums[0]});`
  return `finish(group_y * units + ${unit}, ${sums[0]}, shares[group_y] * ${sums[1]});`
}

// One row of activations times a weight matrix: every token of decode is a chain of these. The weights are read once, 16 bytes per invocation and
// load; what surrounds the product (the norm before it, activation, rotation, residual after it) happens in registers.
import { type EpilogueCode, epilogueCode, type MatvecEpilogue } from './epilogues.ts'
import { assembleKernel, type Binding, type Kernel } from './kernel.ts'
import {
  checkNorm,
  type NormCode,
  normalised,
  normBindings,
  normFactor,
  normFunctions,
  rowStatistics,
  workgroupSum,
} from './normRow.ts'
import { isQuantized } from './target.ts'
import {
  checkWeightShape,
  chunkColumns,
  chunksPerRow,
  floatBinding,
  floatFunction,
  type WeightShape,
  weightBindings,
  weightFunctions,
} from './weights.ts'

export type { MatvecEpilogue }

export interface MatvecOptions extends WeightShape {
  readonly name: string
  readonly bias: boolean
  /** Norm of x. */
  readonly norm: NormCode | null
  readonly epilogue: MatvecEpilogue
}

/** What the product of a row depends on. */
type MultipliedRow = Pick<MatvecOptions, 'target' | 'format' | 'columns' | 'norm'>

/** Invocations along the columns: 8 neighbours read 128 contiguous bytes of a row, and 4 rows side by side share their x. */
const columnLanes = 32
const rowLanes = 4
/** Invocations of a workgroup without barriers. */
const softwareLanes = 16

/**
 * The factor of a norm without mean and bias commutes with the product: the squares are summed while x is walked anyway, and no pass is added. Any other
 * norm walks x ahead of the product.
 */
function commutes(norm: NormCode | null): norm is NormCode {
  return norm !== null && norm.kind === 'rms' && !norm.bias
}

/**
 * y[n] = sum_k W[n,k] * x[row * columns + k] (+ bias[n]), then the epilogue. With norm, x is normalised first.
 * Bindings: x f32 [any, columns]; norm_weight and norm_bias [columns] where the norm has such; q_weight and q_scale, or weight; bias [rows] when bias;
 * then out f32 [rows], with gated [rows / 2]; with append instead rope_table when there is a rotation, query f32 [heads * headSize], keys, values.
 * Scalars: row; with append also position, capacity, sink. Throws on impossible shapes.
 */
export function matvec(o: MatvecOptions): Kernel {
  checkWeightShape(o.name, o)
  if (o.norm !== null) checkNorm(o.name, o.norm)
  const epilogue = epilogueCode(o.epilogue, o.rows, o.target)
  const rowsEach = rowsPerInvocation(o)
  const software = o.target === 'software'
  const bindings: Binding[] = [
    { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
    ...(o.norm === null ? [] : normBindings(o.norm, 'norm_', o.format, o.target)),
    ...weightBindings(o),
    ...(o.bias ? [floatBinding('bias', 1, o.format, o.target)] : []),
    ...epilogue.bindings,
  ]
  const declarations = [
    `const columns4 = ${o.columns / 4}u;`,
    `const chunks = ${chunksPerRow(o)}u;`,
    `const units = ${o.rows / epilogue.ways}u;`,
    weightFunctions(o),
    ...(o.norm === null ? [] : normFunctions(o.norm, 'norm_', o.format, o.target)),
    ...(o.bias ? [floatFunction('bias', 1, o.format, o.target)] : []),
    epilogue.declarations.trim(),
    ...(software ? [] : [`var<workgroup> partial : array<f32, ${columnLanes * rowLanes * rowsEach}>;`]),
    ...(!software && commutes(o.norm) ? [`var<workgroup> partial_squares : array<f32, ${columnLanes}>;`] : []),
    ...(software || o.norm === null || commutes(o.norm) ? [] : [workgroupSum(columnLanes * rowLanes)]),
  ].join('\n')
  return assembleKernel({
    name: o.name,
    mathematics: `y[n] = sum_k W[n,k] * ${o.norm === null ? 'x[k]' : `${o.norm.kind}norm(x)[k]`}${o.bias ? ' + bias[n]' : ''}; ${epilogue.mathematics}`,
    enables: o.target === 'half' ? ['f16'] : [],
    bindings,
    scalars: ['row', ...epilogue.scalars],
    workgroupSize: [software ? softwareLanes : columnLanes * rowLanes],
    declarations,
    body: software ? softwareBody(o, epilogue) : reductionBody(o, epilogue),
  })
}

/** Workgroups along x; 1 along y. */
export function matvecGrid(o: MatvecOptions): number {
  const { ways } = epilogueCode(o.epilogue, o.rows, o.target)
  const lanes = o.target === 'software' ? softwareLanes : rowLanes
  return Math.ceil(o.rows / ways / ((lanes * rowsPerInvocation(o)) / ways))
}

/**
 * Even, so that both rows of a unit fit. More rows share each read of x; fewer make more workgroups of a small matrix, and less to compile: on a
 * software adapter eight pay only where reading x includes the norm.
 */
function rowsPerInvocation({ target, norm, rows }: MatvecOptions): number {
  if (target === 'software') return norm === null ? 4 : 8
  return rows >= 16_384 ? 4 : 2
}

/** 32 invocations walk the columns of a row, then one sums their parts. Row j of an invocation is slot row_lane + 4 j of the workgroup. */
function reductionBody(o: MatvecOptions, { ways }: EpilogueCode): string {
  const rowsEach = rowsPerInvocation(o)
  const slots = rowLanes * rowsEach
  const unitsPerGroup = slots / ways
  const rows = Array.from({ length: rowsEach }, (_, j) => j)
  const unit = (j: number) => {
    const offset = (j * rowLanes) % unitsPerGroup
    return `min(first_unit + row_lane${offset === 0 ? '' : ` + ${offset}u`}, units - 1u)`
  }
  const way = (j: number) => Math.floor((j * rowLanes) / unitsPerGroup)
  return `
let column_lane = (local_index & 7u) | ((local_index >> 5u) << 3u);
let row_lane = (local_index >> 3u) & 3u;
let first_unit = group_x * ${unitsPerGroup}u;
${rows.map((j) => `let base${j} = unit_row(${unit(j)}, ${way(j)}u) * chunks;`).join('\n')}
${accumulators(o, rows)}
for (var chunk = column_lane; chunk < chunks; chunk += ${columnLanes}u) {
${accumulateChunk(o, rows)}
}
${rows.map((j) => `partial[column_lane * ${slots}u + row_lane + ${j * rowLanes}u] = sum${j};`).join('\n')}
${commutes(o.norm) ? 'if (row_lane == 0u) { partial_squares[column_lane] = squares; }' : ''}
workgroupBarrier();
let unit = first_unit + local_index;
if (local_index >= ${unitsPerGroup}u || unit >= units) { return; }
var y0 = 0.0;
${ways === 2 ? 'var y1 = 0.0;' : ''}
${commutes(o.norm) ? 'squares = 0.0;' : ''}
for (var lane = 0u; lane < ${columnLanes}u; lane++) {
  y0 += partial[lane * ${slots}u + local_index];
${ways === 2 ? `  y1 += partial[lane * ${slots}u + local_index + ${unitsPerGroup}u];` : ''}
${commutes(o.norm) ? '  squares += partial_squares[lane];' : ''}
}
${finish(o, 'unit', ways === 2 ? ['y0', 'y1'] : ['y0'])}`
}

/** One invocation walks whole rows. */
function softwareBody(o: MatvecOptions, { ways }: EpilogueCode): string {
  const rowsEach = rowsPerInvocation(o)
  const unitsEach = rowsEach / ways
  const rows = Array.from({ length: rowsEach }, (_, j) => j)
  const unit = (j: number) => `unit${Math.floor(j / ways)}`
  return `
let first_unit = (group_x * ${softwareLanes}u + local_index) * ${unitsEach}u;
if (first_unit >= units) { return; }
${Array.from({ length: unitsEach }, (_, u) => `let unit${u} = min(first_unit + ${u}u, units - 1u);`).join('\n')}
${rows.map((j) => `let base${j} = unit_row(${unit(j)}, ${j % ways}u) * chunks;`).join('\n')}
${accumulators(o, rows)}
for (var chunk = 0u; chunk < chunks; chunk++) {
${accumulateChunk(o, rows)}
}
${Array.from({ length: unitsEach }, (_, u) => {
  const sums = ways === 2 ? [`sum${2 * u}`, `sum${2 * u + 1}`] : [`sum${u}`]
  const code = finish(o, `unit${u}`, sums)
  return u === 0 ? code : `if (first_unit + ${u}u < units) {\n${code}\n}`
}).join('\n')}`
}

function accumulators(o: MatvecOptions, rows: readonly number[]): string {
  const threads = o.target === 'software' ? null : columnLanes * rowLanes
  return [
    'let x_base = args.row * columns4;',
    ...(o.norm === null || commutes(o.norm) ? [] : [rowStatistics(o.norm, o.columns, 'x_base', threads)]),
    ...rows.map((j) => `var sum${j} = 0.0;`),
    ...(commutes(o.norm) ? ['var squares = 0.0;'] : []),
  ].join('\n')
}

/**
 * WGSL that adds one chunk of every row to its sum. In scope: `base<j>`, the first chunk of row j, `sum<j>`, `chunk`, `x_base`, `columns4`, and x. Columns
 * past the end count as zero and are not read.
 */
export function accumulateChunk(o: MultipliedRow, rows: readonly number[]): string {
  if (!isQuantized(o.format)) {
    return indent([
      ...rows.map((j) => `let w${j} = weight_at(base${j} + chunk);`),
      ...activations(o, 'x0', 'chunk', false),
      ...rows.map((j) => `sum${j} += dot(w${j}, x0);`),
    ])
  }
  const padded = o.columns % chunkColumns(o.format) !== 0
  const four = (matrix: string) => (o.target === 'half' ? `vec4<f32>(${matrix})` : matrix)
  return indent([
    ...rows.map((j) => `let w${j} = q_weight[base${j} + chunk];`),
    ...rows.map((j) => `let scale${j} = q_scale_at(base${j} + chunk);`),
    ...rows.map((j) => `var group${j} = 0.0;`),
    ...['x', 'y', 'z', 'w'].flatMap((word, index) => [
      ...activations(o, `x${2 * index}`, `chunk * 8u + ${2 * index}u`, padded),
      ...activations(o, `x${2 * index + 1}`, `chunk * 8u + ${2 * index + 1}u`, padded),
      ...rows.flatMap((j) => [
        `let n${j}${word} = nibbles(w${j}.${word});`,
        `group${j} += dot(${four(`n${j}${word}[0]`)}, x${2 * index}) + dot(${four(`n${j}${word}[1]`)}, x${2 * index + 1});`,
      ]),
    ]),
    ...rows.map((j) => `sum${j} += group${j} * scale${j};`),
  ])
}

/** Declares `name`, the vec4 of activations at a vec4 index of the row, the places of nibbles taken out. Columns past the end become zero. */
function activations(o: MultipliedRow, name: string, index: string, padded: boolean): readonly string[] {
  const at = padded ? `min(${index}, columns4 - 1u)` : index
  const within = (value: string) => (padded ? `select(vec4<f32>(), ${value}, ${index} < columns4)` : value)
  const read = `x[x_base + ${at}]`
  const places = isQuantized(o.format) ? ' * places' : ''
  if (o.norm === null) return [`let ${name} = ${within(read)}${places};`]
  if (!commutes(o.norm)) return [`let ${name} = ${within(`(${normalised(o.norm, 'norm_', read, at)})`)}${places};`]
  return [
    `let raw_${name} = ${within(read)};`,
    `squares += dot(raw_${name}, raw_${name});`,
    `let ${name} = raw_${name}${o.norm.weight ? ` * norm_weight_at(${at})` : ''}${places};`,
  ]
}

function finish(o: MatvecOptions, unit: string, sums: readonly string[]): string {
  const factor = commutes(o.norm) ? ` * ${normFactor(o.norm, `squares / ${o.columns}.0`)}` : ''
  const y = sums.map((sum, way) => `${sum}${factor}${o.bias ? ` + bias_at(unit_row(${unit}, ${way}u))` : ''}`)
  return `finish(${[unit, ...y].join(', ')});`
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n')
}

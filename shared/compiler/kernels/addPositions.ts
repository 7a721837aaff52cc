// Learned positions (GPT-2, OPT): a row of a table is added to each token's embedding. Positions past the table's end use its last row.
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'
import { floatBinding, floatFunction } from './weights.ts'

export interface AddPositionsOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  /** A multiple of 4. */
  readonly columns: number
  readonly rows: number
  /** Row of position 0. */
  readonly offset: number
}

const lanes = 64

/** Workgroups along x = tokens * this; 1 along y. */
export function addPositionsGroupsPerToken({ columns }: Pick<AddPositionsOptions, 'columns'>): number {
  return Math.ceil(columns / 4 / lanes)
}

/** Bindings x f32 [tokens, columns], changed in place, and positions [rows, columns]. Scalars tokens, position (of the first token). */
export function addPositions(o: AddPositionsOptions): Kernel {
  const { name, target, format, columns, rows, offset } = o
  if (!Number.isInteger(columns) || columns < 4 || columns % 4 !== 0)
    throw new Error(`${name}: ${columns} columns, expected a positive multiple of 4`)
  if (!Number.isInteger(rows) || !Number.isInteger(offset) || offset < 0 || rows <= offset)
    throw new Error(`${name}: ${rows} rows from row ${offset} on, expected at least one`)
  const groups = addPositionsGroupsPerToken(o)
  return assembleKernel({
    name,
    mathematics: `x[t, k] += positions[min(position + t + ${offset}, ${rows - 1}), k]`,
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read_write' },
      floatBinding('positions', 4, format, target),
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [lanes],
    declarations: `
const VECTORS = ${columns / 4}u;
const GROUPS_PER_TOKEN = ${groups}u;
const OFFSET = ${offset}u;
const LAST_ROW = ${rows - 1}u;
${floatFunction('positions', 4, format, target)}`,
    body: `
let token = group_x / GROUPS_PER_TOKEN;
let v = group_x % GROUPS_PER_TOKEN * ${lanes}u + local_index;
if (token >= args.tokens || v >= VECTORS) { return; }
let row = min(args.position + token + OFFSET, LAST_ROW);
x[token * VECTORS + v] += positions_at(row * VECTORS + v);`,
  })
}

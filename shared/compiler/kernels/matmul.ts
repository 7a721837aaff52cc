// Many rows of activations times a weight matrix, for prefill.
import { type RowEpilogue, rowEpilogueCode, rowMathematics } from './epilogues.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { type TileCode, tileConstants, tileLanes, tileMemory, tileOf, tileProduct } from './tile.ts'
import { checkWeightShape, floatBinding, floatFunction, type WeightShape, weightBindings } from './weights.ts'

export type MatmulEpilogue = RowEpilogue

export interface MatmulOptions extends WeightShape {
  readonly name: string
  readonly bias: boolean
  readonly epilogue: MatmulEpilogue
}

/** Rows and tokens of a workgroup: the grid is x = ceil(rows / tile.rows), y = ceil(tokens / tile.tokens). */
export function matmulTile({ target }: Pick<MatmulOptions, 'target'>): {
  readonly tokens: number
  readonly rows: number
} {
  return tileOf(target)
}

/**
 * Y[t,n] = sum_k W[n,k] * x[t,k] (+ bias[n]) for t < tokens, then the epilogue.
 * Bindings: x f32 [tokens, columns]; q_weight and q_scale, or weight; bias [rows] when bias; out f32 [tokens, rows]. Scalar: tokens.
 * Throws on impossible shapes.
 */
export function matmul(o: MatmulOptions): Kernel {
  checkWeightShape(o.name, o)
  return assembleKernel({
    name: o.name,
    mathematics: rowMathematics(o.epilogue, 'out[t,n]', `sum_k W[n,k] * x[t,k]${o.bias ? ' + bias[n]' : ''}`),
    enables: o.target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
      ...weightBindings(o),
      ...(o.bias ? [floatBinding('bias', 1, o.format, o.target)] : []),
      { name: 'out', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [tileLanes(o.target)],
    declarations: [
      ...tileConstants(o),
      ...(o.bias ? [floatFunction('bias', 1, o.format, o.target)] : []),
      ...tileMemory(o),
      storeFunction(o),
    ].join('\n'),
    body: tileProduct(o, tileCode(o)),
  })
}

function tileCode({ target }: MatmulOptions): TileCode {
  const tile = tileOf(target)
  const alone = target === 'software'
  const rowTile = alone
    ? `(group_x * ${tileLanes(target)}u + local_index) * ${tile.rows / tileLanes(target)}u`
    : `group_x * ${tile.rows}u`
  const token = (line: string) => `first_token + ${line}`
  return {
    start: `
let first_row = ${rowTile};
let first_token = group_y * ${tile.tokens}u;
${alone ? 'if (first_row >= rows || first_token >= args.tokens) { return; }' : ''}`.trim(),
    token: (line) => (alone ? `min(${token(line)}, args.tokens - 1u)` : token(line)),
    tokens: 'args.tokens',
    row: (line) => `min(first_row + ${line}, rows - 1u)`,
    store: (line, _, sums) => sums.map((cell) => `store(${token(line)}, first_row + ${cell.line}, ${cell.sum});`),
  }
}

function storeFunction(o: MatmulOptions): string {
  const y = `sum${o.bias ? ' + bias_at(row)' : ''}`
  const { statement, declarations } = rowEpilogueCode(o.epilogue, 'out[token * rows + row]', y)
  return [
    ...declarations,
    'fn store(token : u32, row : u32, sum : f32) {',
    `  if (token < args.tokens && row < rows) { ${statement} }`,
    '}',
  ].join('\n')
}

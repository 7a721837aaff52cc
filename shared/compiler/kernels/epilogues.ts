// What a matrix-vector kernel does with its sums. An epilogue works on units: one row, or two rows that must meet (gate and up, the two elements of a
// rotated pair), so that whoever holds a unit can finish it alone.
import type { Activation } from '../architectures/spec.ts'
import { activationFunction, activationName } from './activation.ts'
import { type AppendShape, appendBindings, appendFunctions, checkAppend } from './appendPair.ts'
import { type Binding, wgslFloat } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

/** What both matrix kernels can do with a sum y. */
export type RowEpilogue =
  /** out = scale * y */
  | { readonly kind: 'store'; readonly scale: number }
  /** out = scale * out + y */
  | { readonly kind: 'addResidual'; readonly scale: number }
  | { readonly kind: 'activate'; readonly activation: Activation }

export type MatvecEpilogue =
  | RowEpilogue
  | { readonly kind: 'gated'; readonly activation: Activation; readonly gate: 'first' | 'second' }
  | ({ readonly kind: 'append' } & Omit<AppendShape, 'target'>)

/** A RowEpilogue as WGSL: the statement that stores the sum `y` at the place `at`, and what it needs declared. */
export function rowEpilogueCode(
  epilogue: RowEpilogue,
  at: string,
  y: string,
): { readonly statement: string; readonly declarations: readonly string[] } {
  if (epilogue.kind === 'activate') {
    return { statement: `${at} = activate(${y});`, declarations: [activationFunction(epilogue.activation)] }
  }
  const { kind, scale } = epilogue
  const factor = wgslFloat(Math.fround(scale))
  if (kind === 'store') {
    return { statement: scale === 1 ? `${at} = ${y};` : `${at} = ${factor} * (${y});`, declarations: [] }
  }
  return { statement: scale === 1 ? `${at} += ${y};` : `${at} = ${factor} * ${at} + ${y};`, declarations: [] }
}

/** `at` = mathematics in terms of `y`. */
export function rowMathematics(epilogue: RowEpilogue, at: string, y: string): string {
  if (epilogue.kind === 'activate') return `${at} = ${activationName(epilogue.activation)}(${y})`
  const { kind, scale } = epilogue
  if (kind === 'store') return `${at} = ${scale === 1 ? y : `${scale} * (${y})`}`
  return scale === 1 ? `${at} += ${y}` : `${at} = ${scale} * ${at} + ${y}`
}

export interface EpilogueCode {
  /** Rows per unit. */
  readonly ways: 1 | 2
  readonly mathematics: string
  readonly bindings: readonly Binding[]
  readonly scalars: readonly string[]
  /** WGSL `unit_row(unit, way) -> u32` and `finish(unit, y0[, y1])`. */
  readonly declarations: string
}

export function epilogueCode(epilogue: MatvecEpilogue, rows: number, target: LibraryTarget): EpilogueCode {
  const out: Binding = { name: 'out', type: 'array<f32>', access: 'read_write' }
  switch (epilogue.kind) {
    case 'store':
    case 'addResidual':
    case 'activate': {
      const { statement, declarations } = rowEpilogueCode(epilogue, 'out[unit]', 'y0')
      return {
        ways: 1,
        mathematics: rowMathematics(epilogue, 'out[n]', 'y[n]'),
        bindings: [out],
        scalars: [],
        declarations: [
          ...declarations,
          'fn unit_row(unit : u32, way : u32) -> u32 { return unit; }',
          `fn finish(unit : u32, y0 : f32) { ${statement} }`,
        ].join('\n'),
      }
    }
    case 'gated': {
      if (rows % 2 !== 0) throw new Error(`gated: ${rows} rows, expected an even number`)
      const { activation, gate } = epilogue
      const far = `y[i + ${rows / 2}]`
      const way = gate === 'first' ? 'way' : '(1u - way)'
      return {
        ways: 2,
        mathematics: `out[i] = ${activationName(activation)}(${gate === 'first' ? 'y[i]' : far}) * ${gate === 'first' ? far : 'y[i]'}`,
        bindings: [out],
        scalars: [],
        declarations: `${activationFunction(activation)}
fn unit_row(unit : u32, way : u32) -> u32 { return unit + ${way} * ${rows / 2}u; }
fn finish(unit : u32, y0 : f32, y1 : f32) { out[unit] = activate(y0) * y1; }`,
      }
    }
    case 'append':
      return appendEpilogue({ ...epilogue, target }, rows)
    default:
      return epilogue satisfies never
  }
}

function appendEpilogue(shape: AppendShape, rows: number): EpilogueCode {
  const { heads, kvHeads, headSize, rope } = shape
  checkAppend('append', shape)
  if (rows !== (heads + 2 * kvHeads) * headSize) {
    throw new Error(`append: ${rows} rows for ${heads} + 2 * ${kvHeads} heads of ${headSize}`)
  }
  const turned = (part: string) => (rope === null ? `y[${part}]` : `rope(y[${part}])`)
  return {
    ways: 2,
    mathematics: `query = ${turned('q')}, keys[row(position)] = ${turned('k')}, values[row(position)] = y[v]`,
    bindings: appendBindings(shape),
    scalars: ['position', 'capacity', 'sink'],
    declarations: `${appendFunctions(shape)}
fn unit_row(unit : u32, way : u32) -> u32 { return unit / PAIRS * HEAD_SIZE + pair_element(unit % PAIRS, way); }
fn finish(unit : u32, y0 : f32, y1 : f32) { append_pair(0u, args.position, unit / PAIRS, unit % PAIRS, y0, y1); }`,
  }
}

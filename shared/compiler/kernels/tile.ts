// A tile of many rows of activations times many rows of a weight matrix. A workgroup makes a tile: weights are dequantized once into workgroup memory, and
// each invocation keeps a block of sums in registers. Which rows meet, and what becomes of the sums, is the kernel's affair.
import { floatType, isQuantized, type LibraryTarget } from './target.ts'
import { softwareTile as software, softwareProduct } from './tileSoftware.ts'
import { chunksPerRow, type WeightShape, weightFunctions } from './weights.ts'

/** Statements and expressions of a kernel around its tiles. A line of a tile is a row of x, or of the matrix, counted from the tile's first. */
export interface TileCode {
  /** Ahead of the product; may return, with the whole workgroup. In scope: group_x, group_y, local_index. */
  readonly start: string
  /**
   * The row of x on a line of the tile; `index` counts the lines an invocation reads. Rows from `tokens` on count as zero, except on the software target,
   * which reads each row it is given.
   */
  readonly token: (line: string, index: number) => string
  readonly tokens: string
  /** The row of the matrix on a line of the tile. */
  readonly row: (line: string) => string
  /** What becomes of the sums that an invocation has of a line of x. */
  readonly store: (line: string, index: number, sums: readonly TileSum[]) => readonly string[]
}

export interface TileSum {
  /** Of the matrix. */
  readonly line: string
  readonly sum: string
}

/** Result tile of a workgroup, columns walked 32 at a time (one quantization group): 2 * 64 * 32 floats are the 16 KiB every adapter has. */
const tileSide = 64
const tileColumns4 = 8
/** Rows and tokens per invocation. */
const block = 4
const side = tileSide / block
const lanes = side ** 2

/** Lines of x and of the matrix in the tiles of a workgroup. */
export function tileOf(target: LibraryTarget): { readonly tokens: number; readonly rows: number } {
  return target === 'software'
    ? { tokens: software.tokens, rows: software.lanes * software.rows }
    : { tokens: tileSide, rows: tileSide }
}

/** Invocations of a workgroup. On the software target each has a tile of its own, of rows / tileLanes rows. */
export function tileLanes(target: LibraryTarget): number {
  return target === 'software' ? software.lanes : lanes
}

/** WGSL constants rows, columns4 and chunks, and the functions that read weights. */
export function tileConstants(shape: WeightShape): readonly string[] {
  return [
    `const rows = ${shape.rows}u;`,
    `const columns4 = ${shape.columns / 4}u;`,
    `const chunks = ${chunksPerRow(shape)}u;`,
    weightFunctions(shape),
  ]
}

/** WGSL of the workgroup memory a tile needs. */
export function tileMemory(shape: WeightShape): readonly string[] {
  if (shape.target === 'software') return []
  return [
    `var<workgroup> tile_x : array<vec4<f32>, ${tileSide * tileColumns4}>;`,
    `var<workgroup> tile_w : array<${halfTile(shape) ? 'vec4<f16>' : 'vec4<f32>'}, ${tileSide * tileColumns4}>;`,
    slotFunction,
  ]
}

/** WGSL of the product; needs tileConstants, tileMemory and the bindings `x` and weightBindings. */
export function tileProduct(shape: WeightShape, code: TileCode): string {
  return shape.target === 'software' ? softwareProduct(shape, code) : workgroupProduct(shape, code)
}

// Neighbouring invocations read neighbouring rows of a tile at the same column: the exclusive or spreads them over the banks.
const slotFunction = `
fn slot(line : u32, column4 : u32) -> u32 { return line * ${tileColumns4}u + (column4 ^ (line & ${tileColumns4 - 1}u)); }`.trim()

/** Dequantized weights are kept in float16 where the format's own numbers are: x stays float32, activations may leave float16's range. */
function halfTile({ target, format }: WeightShape): boolean {
  return target === 'half' && floatType(format) === 'float16'
}

const four = range(block)

function workgroupProduct(shape: WeightShape, code: TileCode): string {
  const f32 = (value: string) => (halfTile(shape) ? `vec4<f32>(${value})` : value)
  return `
${code.start}
let row_lane = local_index % ${side}u;
let token_lane = local_index / ${side}u;
${four.flatMap((t) => four.map((r) => `var sum${t}${r} = 0.0;`)).join(' ')}
for (var step = 0u; step < columns4; step += ${tileColumns4}u) {
${loadActivations(code)}
${isQuantized(shape.format) ? loadGroups(shape, code) : loadFloats(shape, code)}
  workgroupBarrier();
  for (var k = 0u; k < ${tileColumns4}u; k++) {
${four.map((r) => `    let w${r} = ${f32(`tile_w[slot(row_lane + ${r * side}u, k)]`)};`).join('\n')}
${four
  .map((t) =>
    [
      `    let x${t} = tile_x[slot(token_lane + ${t * side}u, k)];`,
      ...four.map((r) => `    sum${t}${r} += dot(w${r}, x${t});`),
    ].join('\n'),
  )
  .join('\n')}
  }
  workgroupBarrier();
}
${four
  .flatMap((t) =>
    code.store(
      `token_lane + ${t * side}u`,
      t,
      four.map((r) => ({ line: `row_lane + ${r * side}u`, sum: `sum${t}${r}` })),
    ),
  )
  .join('\n')}`
}

/** 64 tokens of 8 vec4, two per invocation. Tokens and columns past the end become zero. */
function loadActivations(code: TileCode): string {
  const perPass = lanes / tileColumns4
  return range((tileSide * tileColumns4) / lanes)
    .map(
      (pass) => `  {
    let line = local_index / ${tileColumns4}u + ${pass * perPass}u;
    let column4 = step + local_index % ${tileColumns4}u;
    let token = ${code.token('line', pass)};
    var value = vec4<f32>();
    if (token < ${code.tokens} && column4 < columns4) { value = x[token * columns4 + column4]; }
    tile_x[slot(line, local_index % ${tileColumns4}u)] = value;
  }`,
    )
    .join('\n')
}

/** Lines of x that an invocation loads, with their indices. */
export function tileTokenLines(target: LibraryTarget): readonly string[] {
  if (target === 'software') return range(software.tokens).map((t) => `${t}u`)
  return range((tileSide * tileColumns4) / lanes).map(
    (pass) => `local_index / ${tileColumns4}u + ${(pass * lanes) / tileColumns4}u`,
  )
}

/** 64 rows of one group, a word per invocation. Rows past the end repeat the last, columns past the end meet zeros in tile_x. */
function loadGroups(shape: WeightShape, code: TileCode): string {
  const value = (half: number) =>
    halfTile(shape)
      ? `values[${half}] * vec4<f16>(places) * f16(scale)`
      : `${shape.target === 'half' ? 'vec4<f32>' : ''}(values[${half}]) * (places * scale)`
  return `  {
    let line = local_index / 4u;
    let word = local_index % 4u;
    let chunk = ${code.row('line')} * chunks + step / ${tileColumns4}u;
    let scale = q_scale_at(chunk);
    let values = nibbles(q_weight[chunk][word]);
    tile_w[slot(line, word * 2u)] = ${value(0)};
    tile_w[slot(line, word * 2u + 1u)] = ${value(1)};
  }`
}

function loadFloats(shape: WeightShape, code: TileCode): string {
  const perPass = lanes / tileColumns4
  const value = `weight_at(${code.row('line')} * chunks + column4)`
  return range((tileSide * tileColumns4) / lanes)
    .map(
      (pass) => `  {
    let line = local_index / ${tileColumns4}u + ${pass * perPass}u;
    let column4 = min(step + local_index % ${tileColumns4}u, columns4 - 1u);
    tile_w[slot(line, local_index % ${tileColumns4}u)] = ${halfTile(shape) ? `vec4<f16>(${value})` : value};
  }`,
    )
    .join('\n')
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index)
}

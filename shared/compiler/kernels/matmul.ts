// Many rows of activations times a weight matrix, for prefill. A workgroup makes a tile of the result: weights are dequantized once per tile
// into workgroup memory, and each invocation keeps a block of sums in registers.
import { type RowEpilogue, rowEpilogueCode, rowMathematics } from './epilogues.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { floatType, isQuantized } from './target.ts'
import {
  checkWeightShape,
  chunksPerRow,
  floatBinding,
  floatFunction,
  type WeightShape,
  weightBindings,
  weightFunctions,
} from './weights.ts'

export type MatmulEpilogue = RowEpilogue

export interface MatmulOptions extends WeightShape {
  readonly name: string
  readonly bias: boolean
  readonly epilogue: MatmulEpilogue
}

/** Result tile of a workgroup, columns walked 32 at a time (one quantization group): 2 * 64 * 32 floats are the 16 KiB every adapter has. */
const tileSide = 64
const tileColumns4 = 8
/** Rows and tokens per invocation. */
const block = 4
/** Without barriers: invocations of a workgroup, and rows and tokens of each. */
const software = { lanes: 8, rows: 8, tokens: 4 }

/** Rows and tokens of a workgroup: the grid is x = ceil(rows / tile.rows), y = ceil(tokens / tile.tokens). */
export function matmulTile({ target }: Pick<MatmulOptions, 'target'>): {
  readonly tokens: number
  readonly rows: number
} {
  return target === 'software'
    ? { tokens: software.tokens, rows: software.lanes * software.rows }
    : { tokens: tileSide, rows: tileSide }
}

/**
 * Y[t,n] = sum_k W[n,k] * x[t,k] (+ bias[n]) for t < tokens, then the epilogue.
 * Bindings: x f32 [tokens, columns]; q_weight and q_scale, or weight; bias [rows] when bias; out f32 [tokens, rows]. Scalar: tokens.
 * Throws on impossible shapes.
 */
export function matmul(o: MatmulOptions): Kernel {
  checkWeightShape(o.name, o)
  const flat = o.target === 'software'
  const weightType = halfTile(o) ? 'vec4<f16>' : 'vec4<f32>'
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
    workgroupSize: [flat ? software.lanes : (tileSide / block) ** 2],
    declarations: [
      `const rows = ${o.rows}u;`,
      `const columns4 = ${o.columns / 4}u;`,
      `const chunks = ${chunksPerRow(o)}u;`,
      weightFunctions(o),
      ...(o.bias ? [floatFunction('bias', 1, o.format, o.target)] : []),
      ...(flat
        ? []
        : [
            `var<workgroup> tile_x : array<vec4<f32>, ${tileSide * tileColumns4}>;`,
            `var<workgroup> tile_w : array<${weightType}, ${tileSide * tileColumns4}>;`,
            slotFunction,
          ]),
      storeFunction(o),
    ].join('\n'),
    body: flat ? softwareBody(o) : tiledBody(o),
  })
}

// Neighbouring invocations read neighbouring rows of a tile at the same column: the exclusive or spreads them over the banks.
const slotFunction = `
fn slot(line : u32, column4 : u32) -> u32 { return line * ${tileColumns4}u + (column4 ^ (line & ${tileColumns4 - 1}u)); }`.trim()

/** Dequantized weights are kept in float16 where the format's own numbers are: x stays float32, activations may leave float16's range. */
function halfTile({ target, format }: MatmulOptions): boolean {
  return target === 'half' && floatType(format) === 'float16'
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

const four = range(block)

function tiledBody(o: MatmulOptions): string {
  const side = tileSide / block
  const f32 = (value: string) => (halfTile(o) ? `vec4<f32>(${value})` : value)
  return `
let first_row = group_x * ${tileSide}u;
let first_token = group_y * ${tileSide}u;
let row_lane = local_index % ${side}u;
let token_lane = local_index / ${side}u;
${four.flatMap((t) => four.map((r) => `var sum${t}${r} = 0.0;`)).join(' ')}
for (var step = 0u; step < columns4; step += ${tileColumns4}u) {
${loadActivations()}
${isQuantized(o.format) ? loadGroups(o) : loadFloats(o)}
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
    four.map(
      (r) => `store(first_token + token_lane + ${t * side}u, first_row + row_lane + ${r * side}u, sum${t}${r});`,
    ),
  )
  .join('\n')}`
}

/** 64 tokens of 8 vec4, two per invocation. Tokens and columns past the end become zero. */
function loadActivations(): string {
  const perPass = (tileSide / block) ** 2 / tileColumns4
  return range((tileSide * tileColumns4) / (tileSide / block) ** 2)
    .map(
      (pass) => `  {
    let line = local_index / ${tileColumns4}u + ${pass * perPass}u;
    let column4 = step + local_index % ${tileColumns4}u;
    let token = first_token + line;
    var value = vec4<f32>();
    if (token < args.tokens && column4 < columns4) { value = x[token * columns4 + column4]; }
    tile_x[slot(line, local_index % ${tileColumns4}u)] = value;
  }`,
    )
    .join('\n')
}

/** 64 rows of one group, a word per invocation. Rows past the end repeat the last, columns past the end meet zeros in tile_x. */
function loadGroups(o: MatmulOptions): string {
  const value = (half: number) =>
    halfTile(o)
      ? `values[${half}] * vec4<f16>(places) * f16(scale)`
      : `${o.target === 'half' ? 'vec4<f32>' : ''}(values[${half}]) * (places * scale)`
  return `  {
    let line = local_index / 4u;
    let word = local_index % 4u;
    let chunk = min(first_row + line, rows - 1u) * chunks + step / ${tileColumns4}u;
    let scale = q_scale_at(chunk);
    let values = nibbles(q_weight[chunk][word]);
    tile_w[slot(line, word * 2u)] = ${value(0)};
    tile_w[slot(line, word * 2u + 1u)] = ${value(1)};
  }`
}

function loadFloats(o: MatmulOptions): string {
  const perPass = (tileSide / block) ** 2 / tileColumns4
  const value = 'weight_at(min(first_row + line, rows - 1u) * chunks + column4)'
  return range((tileSide * tileColumns4) / (tileSide / block) ** 2)
    .map(
      (pass) => `  {
    let line = local_index / ${tileColumns4}u + ${pass * perPass}u;
    let column4 = min(step + local_index % ${tileColumns4}u, columns4 - 1u);
    tile_w[slot(line, local_index % ${tileColumns4}u)] = ${halfTile(o) ? `vec4<f16>(${value})` : value};
  }`,
    )
    .join('\n')
}

/** One invocation makes a few rows of a few tokens: a word is dequantized once for all its tokens, an activation read once for all its rows. */
function softwareBody(o: MatmulOptions): string {
  const rows = range(software.rows)
  const tokens = range(software.tokens)
  const padded = isQuantized(o.format) && o.columns % 32 !== 0
  const at = (t: number, index: string) =>
    padded
      ? `select(vec4<f32>(), x[x_base${t} + min(${index}, columns4 - 1u)], ${index} < columns4)`
      : `x[x_base${t} + ${index}]`
  const inner = isQuantized(o.format)
    ? [
        ...rows.map((r) => `let w${r} = q_weight[base${r} + chunk];`),
        ...rows.map((r) => `let scale${r} = places * q_scale_at(base${r} + chunk);`),
        ...['x', 'y', 'z', 'w'].flatMap((word, index) => [
          ...rows.flatMap((r) => [
            `let n${r}${word} = nibbles(w${r}.${word});`,
            `let a${r}${word} = n${r}${word}[0] * scale${r};`,
            `let b${r}${word} = n${r}${word}[1] * scale${r};`,
          ]),
          ...tokens.flatMap((t) => [
            `let x${t}${word}a = ${at(t, `chunk * 8u + ${2 * index}u`)};`,
            `let x${t}${word}b = ${at(t, `chunk * 8u + ${2 * index + 1}u`)};`,
            ...rows.map((r) => `sum${t}${r} += dot(a${r}${word}, x${t}${word}a) + dot(b${r}${word}, x${t}${word}b);`),
          ]),
        ]),
      ]
    : [
        ...rows.map((r) => `let w${r} = weight_at(base${r} + chunk);`),
        ...tokens.flatMap((t) => [
          `let x${t} = x[x_base${t} + chunk];`,
          ...rows.map((r) => `sum${t}${r} += dot(w${r}, x${t});`),
        ]),
      ]
  return `
let first_row = (group_x * ${software.lanes}u + local_index) * ${software.rows}u;
let first_token = group_y * ${software.tokens}u;
if (first_row >= rows || first_token >= args.tokens) { return; }
${rows.map((r) => `let base${r} = min(first_row + ${r}u, rows - 1u) * chunks;`).join('\n')}
${tokens.map((t) => `let x_base${t} = min(first_token + ${t}u, args.tokens - 1u) * columns4;`).join('\n')}
${tokens.map((t) => rows.map((r) => `var sum${t}${r} = 0.0;`).join(' ')).join('\n')}
for (var chunk = 0u; chunk < chunks; chunk++) {
${inner.map((line) => `  ${line}`).join('\n')}
}
${tokens.flatMap((t) => rows.map((r) => `store(first_token + ${t}u, first_row + ${r}u, sum${t}${r});`)).join('\n')}`
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index)
}

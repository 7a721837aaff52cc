// Root mean square norm (Zhang and Sennrich 2019, arXiv:1910.07467) of whole rows, for prefill; one token's norm is fused into its matrix-vector product.
import { assembleKernel, type Binding, type Kernel } from './kernel.ts'
import { floatType, type LibraryTarget, type WeightFormat } from './target.ts'

export interface RmsNormOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  /** A multiple of 4. */
  readonly columns: number
  readonly epsilon: number
}

/** Rows of one workgroup: grid x = ceil(tokens / rows). */
export function rmsNormRowsPerGroup(options: Pick<RmsNormOptions, 'target'>): number {
  return options.target === 'software' ? 4 : 1
}

/** Bindings x [tokens, columns], weight [columns], out [tokens, columns]; scalar tokens. */
export function rmsNorm(options: RmsNormOptions): Kernel {
  const { name, target, format, columns, epsilon } = options
  if (!Number.isInteger(columns) || columns < 4 || columns % 4 !== 0) {
    throw new Error(`${name}: ${columns} columns, expected a positive multiple of 4`)
  }
  const half = floatType(format) === 'float16'
  const bindings: readonly Binding[] = [
    { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
    { name: 'weight', type: half ? 'array<vec2<u32>>' : 'array<vec4<f32>>', access: 'read' },
    { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
  ]
  const threads = target === 'software' ? rmsNormRowsPerGroup(options) : 256
  return assembleKernel({
    name,
    mathematics: 'out[t, k] = weight[k] * x[t, k] / sqrt(mean over k of x[t, k]^2 + epsilon)',
    bindings,
    scalars: ['tokens'],
    workgroupSize: [threads],
    declarations: `
const VECTORS = ${columns / 4}u;
const COLUMNS = ${columns}.0;
const EPSILON = ${epsilon.toExponential()};
${target === 'software' ? '' : `var<workgroup> sums : array<f32, ${threads}>;`}
fn weight_at(vector : u32) -> vec4<f32> {
  ${
    half
      ? `let packed = weight[vector];
  return vec4<f32>(unpack2x16float(packed.x), unpack2x16float(packed.y));`
      : 'return weight[vector];'
  }
}`,
    body: target === 'software' ? rowPerInvocation(threads) : rowPerWorkgroup(threads),
  })
}

function rowPerInvocation(threads: number): string {
  return `
let row = group_x * ${threads}u + local_index;
if (row >= args.tokens) { return; }
let start = row * VECTORS;
var squares = vec4<f32>();
for (var i = start; i < start + VECTORS; i += 1u) { squares += x[i] * x[i]; }
let factor = 1.0 / sqrt(dot(squares, vec4<f32>(1.0)) / COLUMNS + EPSILON);
for (var i = start; i < start + VECTORS; i += 1u) { out[i] = x[i] * factor * weight_at(i - start); }`
}

function rowPerWorkgroup(threads: number): string {
  return `
var squares = vec4<f32>();
for (var k = local_index; k < VECTORS; k += ${threads}u) {
  let value = x[group_x * VECTORS + k];
  squares += value * value;
}
sums[local_index] = dot(squares, vec4<f32>(1.0));
workgroupBarrier();
for (var stride = ${threads / 2}u; stride > 0u; stride >>= 1u) {
  if (local_index < stride) { sums[local_index] += sums[local_index + stride]; }
  workgroupBarrier();
}
let factor = 1.0 / sqrt(sums[0] / COLUMNS + EPSILON);
for (var k = local_index; k < VECTORS; k += ${threads}u) {
  out[group_x * VECTORS + k] = x[group_x * VECTORS + k] * factor * weight_at(k);
}`
}

// The norms' arithmetic for one row: RMSNorm (Zhang and Sennrich 2019, arXiv:1910.07467) and layer norm (Ba et al. 2016, arXiv:1607.06450). The mean
// goes first and the variance is taken about it: as a difference of sums it would cancel where a mean is large, as with OPT's and BLOOM's outliers.
import type { NormSpec } from '../architectures/spec.ts'
import { type Binding, wgslFloat } from './kernel.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'
import { floatBinding, floatFunction } from './weights.ts'

/** What a norm computes, whatever its tensors are called. */
export type NormCode = Omit<NormSpec, 'name'>

/** Throws on an impossible epsilon. */
export function checkNorm(name: string, { epsilon }: NormCode): void {
  if (!Number.isFinite(epsilon) || epsilon < 0)
    throw new Error(`${name}: epsilon ${epsilon}, expected a number of at least 0`)
}

/** Weight and bias as far as there are such: `<prefix>weight`, `<prefix>bias`. */
export function normBindings(
  norm: NormCode,
  prefix: string,
  format: WeightFormat,
  target: LibraryTarget,
): readonly Binding[] {
  return tensorsOf(norm, prefix).map((name) => floatBinding(name, 4, format, target))
}

/** WGSL `<prefix>weight_at` and `<prefix>bias_at` as far as there are such. */
export function normFunctions(
  norm: NormCode,
  prefix: string,
  format: WeightFormat,
  target: LibraryTarget,
): readonly string[] {
  return tensorsOf(norm, prefix).map((name) => floatFunction(name, 4, format, target))
}

function tensorsOf({ weight, bias }: NormCode, prefix: string): readonly string[] {
  return [...(weight ? [`${prefix}weight`] : []), ...(bias ? [`${prefix}bias`] : [])]
}

/** WGSL of the factor of a row, given its mean square (about the mean, for layer norm). */
export function normFactor({ epsilon, epsilonOutsideRoot }: NormCode, meanSquare: string): string {
  const added = wgslFloat(epsilon)
  return epsilonOutsideRoot ? `1.0 / (sqrt(${meanSquare}) + ${added})` : `inverseSqrt(${meanSquare} + ${added})`
}

/** WGSL of four normalised elements; in scope: what rowStatistics declares. */
export function normalised({ kind, weight, bias }: NormCode, prefix: string, x: string, at: string): string {
  const scaled = kind === 'layer' ? `(${x} - mean) * factor` : `${x} * factor`
  return `${scaled}${weight ? ` * ${prefix}weight_at(${at})` : ''}${bias ? ` + ${prefix}bias_at(${at})` : ''}`
}

/**
 * WGSL statements that declare `factor`, and with layer norm `mean`, of the row x[start ..] of four-element vectors. With `threads` the whole workgroup
 * walks it (workgroupSum must be declared, control flow uniform); with null each invocation does. Loops count from a start unknown to the compiler:
 * Mesa would unroll them.
 */
export function rowStatistics(norm: NormCode, columns: number, start: string, threads: number | null): string {
  const walk = (line: string) =>
    `for (var v = ${start}${threads === null ? '' : ' + local_index'}; v < ${start} + ${columns / 4}u; v += ${threads ?? 1}u) { ${line} }`
  const sum = (value: string) =>
    threads === null ? `dot(${value}, vec4<f32>(1.0))` : `workgroup_sum(dot(${value}, vec4<f32>(1.0)), local_index)`
  const count = wgslFloat(columns)
  if (norm.kind === 'rms') {
    return `
var squares = vec4<f32>();
${walk('squares += x[v] * x[v];')}
let factor = ${normFactor(norm, `${sum('squares')} / ${count}`)};`.trim()
  }
  const mean = `
var sum_of_row = vec4<f32>();
${walk('sum_of_row += x[v];')}`.trim()
  if (threads !== null)
    return `${mean}
let mean = ${sum('sum_of_row')} / ${count};
var squares_about = vec4<f32>();
${walk('let about = x[v] - mean; squares_about += about * about;')}
let factor = ${normFactor(norm, `${sum('squares_about')} / ${count}`)};`
  // One invocation adds up thousands of elements: what rounding left of the mean is found while the squares are summed.
  return `${mean}
let near_mean = ${sum('sum_of_row')} / ${count};
var rest_of_row = vec4<f32>();
var squares_about = vec4<f32>();
${walk('let about = x[v] - near_mean; rest_of_row += about; squares_about += about * about;')}
let rest = ${sum('rest_of_row')} / ${count};
let mean = near_mean + rest;
let factor = ${normFactor(norm, `max(${sum('squares_about')} / ${count} - rest * rest, 0.0)`)};`
}

/** WGSL `workgroup_sum(value, local_index) -> f32`, the same for every invocation of a workgroup of `threads`, a multiple of 16. Two barriers. */
export function workgroupSum(threads: number): string {
  const lanes = 16
  return `
var<workgroup> lane_sums : array<f32, ${threads}>;
var<workgroup> block_sums : array<f32, ${lanes}>;
fn workgroup_sum(value : f32, local_index : u32) -> f32 {
  lane_sums[local_index] = value;
  workgroupBarrier();
  if (local_index < ${lanes}u) {
    var block = 0.0;
    for (var lane = local_index; lane < ${threads}u; lane += ${lanes}u) { block += lane_sums[lane]; }
    block_sums[local_index] = block;
  }
  workgroupBarrier();
  var total = 0.0;
  for (var block = 0u; block < ${lanes}u; block += 1u) { total += block_sums[block]; }
  return total;
}`.trim()
}

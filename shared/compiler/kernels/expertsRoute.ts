// Which experts a token goes to, and with which shares: norm, router and choice in one launch (Shazeer et al. 2017, arXiv:1701.06538). Of experts with
// equal scores the first is taken: torch.topk leaves that open.
import { assembleKernel, type Binding, type Kernel } from './kernel.ts'
import {
  checkNorm,
  type NormCode,
  normalised,
  normBindings,
  normFunctions,
  rowStatistics,
  workgroupSum,
} from './normRow.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'
import { checkWeightShape, floatBinding, floatFunction } from './weights.ts'

export interface ExpertsRouteOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  /** A multiple of 4. */
  readonly columns: number
  /** At most 64. */
  readonly count: number
  readonly chosen: number
  /** Applied to x before the router; the experts read the result too. */
  readonly norm: NormCode | null
}

const lanes = 256
/** Invocations that share a row of the router. */
const rowLanes = 32
const softwareLanes = 4
const mostExperts = 64

/** Tokens of one workgroup: grid x = ceil(tokens / it). */
export function expertsRouteTokensPerGroup({ target }: Pick<ExpertsRouteOptions, 'target'>): number {
  return target === 'software' ? softwareLanes : 1
}

/**
 * scores = W norm(x); ids = the best `chosen` of them, best first; shares = softmax over those.
 * Bindings: x f32 [tokens, columns]; with a norm norm_weight and norm_bias [columns] as it has them; router [count, columns]; with a norm normed f32
 * [tokens, columns]; ids u32 and shares f32 [tokens, chosen]. Scalar: tokens. Throws on impossible shapes.
 */
export function expertsRoute(o: ExpertsRouteOptions): Kernel {
  const { name, target, format, columns, count, chosen, norm } = o
  checkExperts(name, o)
  checkWeightShape(name, { target, format, rows: count, columns })
  if (norm !== null) checkNorm(name, norm)
  const software = target === 'software'
  const read = [
    ...(norm === null ? [] : normBindings(norm, 'norm_', format, target)),
    floatBinding('router', 4, format, target),
  ]
  const written: readonly Binding[] = [
    ...(norm === null ? [] : [{ name: 'normed', type: 'array<vec4<f32>>', access: 'read_write' } as const]),
    { name: 'ids', type: 'array<u32>', access: 'read_write' },
    { name: 'shares', type: 'array<f32>', access: 'read_write' },
  ]
  return assembleKernel({
    name,
    mathematics: `ids[t], shares[t] = softmax of the ${chosen} best of ${count} scores W ${norm === null ? 'x[t]' : `${norm.kind}norm(x[t])`}`,
    enables: target === 'half' ? ['f16'] : [],
    bindings: [{ name: 'x', type: 'array<vec4<f32>>', access: 'read' }, ...read, ...written],
    scalars: ['tokens'],
    workgroupSize: [software ? softwareLanes : lanes],
    declarations: [
      `const vectors = ${columns / 4}u;`,
      `const count = ${count}u;`,
      `const chosen = ${chosen}u;`,
      ...(norm === null ? [] : normFunctions(norm, 'norm_', format, target)),
      floatFunction('router', 4, format, target),
      ...(norm === null || software ? [] : [workgroupSum(lanes)]),
      ...(software ? [] : [`var<workgroup> partial : array<f32, ${rowLanes * count}>;`]),
      `var<${software ? 'private' : 'workgroup'}> scores : array<f32, ${count}>;`,
      chooseFunction,
    ].join('\n'),
    body: software ? softwareBody(o) : workgroupBody(o),
  })
}

/** Throws on numbers of experts that no kernel of this family can work with. */
export function checkExperts(
  name: string,
  { count, chosen }: { readonly count: number; readonly chosen: number },
): void {
  if (!Number.isInteger(count) || count < 1 || count > mostExperts)
    throw new Error(`kernel ${name}: ${count} experts, expected 1 to ${mostExperts}`)
  if (!Number.isInteger(chosen) || chosen < 1 || chosen > count)
    throw new Error(`kernel ${name}: ${chosen} of ${count} experts chosen`)
}

/**
 * The first of those not taken yet stands until a better one comes, so that ids stay in range and apart whatever the scores are. Loops count from a start
 * unknown to the compiler: Mesa would unroll them.
 */
const chooseFunction = `
fn choose(token : u32) {
  let first = token * chosen;
  let start = token * count;
  var taken = vec2<u32>();
  var greatest = 0.0;
  var sum = 0.0;
  for (var place = first; place < first + chosen; place++) {
    var best = count;
    var score = 0.0;
    for (var at = start; at < start + count; at++) {
      let expert = at - start;
      let is_taken = ((taken[expert >> 5u] >> (expert & 31u)) & 1u) != 0u;
      if (!is_taken && (best == count || scores[expert] > score)) {
        best = expert;
        score = scores[expert];
      }
    }
    taken[best >> 5u] |= 1u << (best & 31u);
    if (place == first) { greatest = score; }
    let share = exp(max(score - greatest, -87.0));
    sum += share;
    ids[place] = best;
    shares[place] = share;
  }
  for (var place = first; place < first + chosen; place++) { shares[place] /= sum; }
}`.trim()

/** A workgroup takes a token: all of it for the norm, then 32 invocations for each row of the router. */
function workgroupBody({ norm, columns }: ExpertsRouteOptions): string {
  const input = norm === null ? 'x[at]' : normalised(norm, 'norm_', 'x[at]', '(at - start)')
  return `
let start = group_x * vectors;
${norm === null ? '' : rowStatistics(norm, columns, 'start', lanes)}
let end = start + vectors;
${norm === null ? '' : `for (var at = start + local_index; at < end; at += ${lanes}u) { normed[at] = ${input}; }`}
for (var expert = local_index / ${rowLanes}u; expert < count; expert += ${lanes / rowLanes}u) {
  var sum = 0.0;
  for (var at = start + local_index % ${rowLanes}u; at < end; at += ${rowLanes}u) {
    sum += dot(router_at(expert * vectors + at - start), ${input});
  }
  partial[expert * ${rowLanes}u + local_index % ${rowLanes}u] = sum;
}
workgroupBarrier();
if (local_index < count) {
  var sum = 0.0;
  let row = local_index * ${rowLanes}u;
  for (var at = row; at < row + ${rowLanes}u; at++) { sum += partial[at]; }
  scores[local_index] = sum;
}
workgroupBarrier();
if (local_index == 0u) { choose(group_x); }`
}

/** An invocation takes a token. */
function softwareBody({ norm, columns }: ExpertsRouteOptions): string {
  const walk = (line: string) => `for (var at = start; at < start + vectors; at++) { ${line} }`
  return `
let token = group_x * ${softwareLanes}u + local_index;
if (token >= args.tokens) { return; }
let start = token * vectors;
${norm === null ? '' : rowStatistics(norm, columns, 'start', null)}
${norm === null ? '' : walk(`normed[at] = ${normalised(norm, 'norm_', 'x[at]', '(at - start)')};`)}
for (var expert = 0u; expert < count; expert++) {
  var sum = 0.0;
  ${walk(`sum += dot(router_at(expert * vectors + at - start), ${norm === null ? 'x' : 'normed'}[at]);`)}
  scores[expert] = sum;
}
choose(token);`
}

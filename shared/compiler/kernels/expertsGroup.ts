// Sorts the choices of a chunk by expert, so that each expert's weights meet all of its tokens at once. A choice is a token with one of its experts:
// number token * chosen + rank. Each expert gets whole tiles of the list; places that are left over hold no choice.
import { checkExperts } from './expertsRoute.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

export interface ExpertsGroupOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly count: number
  readonly chosen: number
  /** Choices per tile. */
  readonly tile: number
}

/** In a list of choices: none. In a list of tiles: the tile is empty. */
export const noChoice = 0xffff_ffff

/** Tiles that `tokens` tokens can need: ceil(tokens / perTokens) * multiply + add. */
export function expertsTiles({ count, chosen, tile }: Pick<ExpertsGroupOptions, 'count' | 'chosen' | 'tile'>): {
  readonly perTokens: number
  readonly multiply: number
  readonly add: number
} {
  return { perTokens: tile, multiply: chosen, add: count }
}

/**
 * Bindings: ids u32 [tokens, chosen]; experts u32 [tiles]: the expert of each tile; choices u32 [tiles, tile]: an expert's choices in ascending order.
 * Scalar: tokens. One workgroup.
 */
export function expertsGroup(o: ExpertsGroupOptions): Kernel {
  const { name, target, count, chosen, tile } = o
  checkExperts(name, o)
  if (!Number.isInteger(tile) || tile < 1) throw new Error(`kernel ${name}: tiles of ${tile}`)
  const lanes = target === 'software' ? 1 : lanesFor(count)
  const { perTokens, multiply, add } = expertsTiles(o)
  const [memory, barrier] = lanes === 1 ? ['private', ''] : ['workgroup', 'workgroupBarrier();']
  return assembleKernel({
    name,
    mathematics: 'choices = the numbers of ids, sorted by id; experts[i] = the id of tile i',
    bindings: [
      { name: 'ids', type: 'array<u32>', access: 'read' },
      { name: 'experts', type: 'array<u32>', access: 'read_write' },
      { name: 'choices', type: 'array<u32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [lanes],
    declarations: `
const none = ${noChoice}u;
const lanes = ${lanes}u;
const count = ${count}u;
const tile = ${tile}u;
// How many choices of an expert lie before an invocation's own, [lane, expert]; at first how many it has.
var<${memory}> before : array<u32, ${lanes * count}>;
var<${memory}> totals : array<u32, ${count}>;
// First place of each expert in the list, and the end.
var<${memory}> starts : array<u32, ${count + 1}>;`,
    body: `
let all = args.tokens * ${chosen}u;
let share = (all + lanes - 1u) / lanes;
let first = min(local_index * share, all);
let last = min(first + share, all);
for (var expert = 0u; expert < count; expert++) { before[local_index * count + expert] = 0u; }
for (var choice = first; choice < last; choice++) { before[local_index * count + ids[choice]] += 1u; }
${barrier}
for (var expert = local_index; expert < count; expert += lanes) {
  var sum = 0u;
  for (var lane = 0u; lane < lanes; lane++) {
    let own = before[lane * count + expert];
    before[lane * count + expert] = sum;
    sum += own;
  }
  totals[expert] = sum;
}
${barrier}
if (local_index == 0u) {
  var place = 0u;
  for (var expert = 0u; expert < count; expert++) {
    starts[expert] = place;
    place += (totals[expert] + tile - 1u) / tile * tile;
  }
  starts[count] = place;
}
${barrier}
for (var choice = first; choice < last; choice++) {
  let at = local_index * count + ids[choice];
  choices[starts[ids[choice]] + before[at]] = choice;
  before[at] += 1u;
}
for (var expert = local_index; expert < count; expert += lanes) {
  for (var place = starts[expert] + totals[expert]; place < starts[expert + 1u]; place++) { choices[place] = none; }
  for (var i = starts[expert] / tile; i < starts[expert + 1u] / tile; i++) { experts[i] = expert; }
}
let tiles = (args.tokens + ${perTokens - 1}u) / ${perTokens}u * ${multiply}u + ${add}u;
for (var i = starts[count] / tile + local_index; i < tiles; i += lanes) { experts[i] = none; }`,
  })
}

/** As many as have room for their counts in half of the workgroup memory every adapter has. */
function lanesFor(count: number): number {
  return Math.min(256, 2 ** Math.floor(Math.log2(2048 / count)))
}

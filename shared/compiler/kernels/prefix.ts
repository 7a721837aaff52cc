// A prompt that is read as a whole (PrefixSpec): where its prefix ends is seen in the token ids of a pass, before the pass begins, and remembered. The
// numbers that a token's rotation turns by follow from it, so each pass looks its cosines and sines up once, for all layers.
import type { PrefixSpec, RopeSpec } from '../architectures/spec.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { ropeFunction } from './rope.ts'

const lanes = 64

/** Bytes of what is remembered: the number of tokens before the start token, the position of the mask, and where each mask token was first seen. */
export function prefixBytes({ maskTokenIds }: PrefixSpec): number {
  return 4 * (2 + maskTokenIds.length)
}

/** Bindings ids i32 [tokens], kept i32 [tokens]; scalar tokens; grid x = ceil(tokens / 64). */
export function keepIds({ name }: { readonly name: string }): Kernel {
  return assembleKernel({
    name,
    mathematics: 'kept[t] = ids[t]',
    bindings: [
      { name: 'ids', type: 'array<i32>', access: 'read' },
      { name: 'kept', type: 'array<i32>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [lanes],
    body: `
let token = group_x * ${lanes}u + local_index;
if (token < args.tokens) { kept[token] = ids[token]; }`,
  })
}

/**
 * Bindings ids i32 [tokens], prefix u32 [prefixBytes / 4], changed in place; scalars tokens, position (of the first); one workgroup. Position 0 forgets
 * what was remembered. As long as no start token was seen, the number of tokens before it is 2^32 - 1.
 */
export function findPrefix({ name, startTokenId, maskTokenIds }: PrefixSpec & { readonly name: string }): Kernel {
  const wanted = [startTokenId, ...maskTokenIds]
  return assembleKernel({
    name,
    mathematics: `prefix = (position of the first ${startTokenId}, that of the mask before it, first positions of ${maskTokenIds.join(', ')})`,
    bindings: [
      { name: 'ids', type: 'array<i32>', access: 'read' },
      { name: 'prefix', type: 'array<u32>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [lanes],
    declarations: `
const NONE = 0xffffffffu;
var<workgroup> found : array<atomic<u32>, ${wanted.length}>;
fn slot(i : u32) -> u32 { return select(i + 1u, 0u, i == 0u); }`,
    body: `
if (local_index < ${wanted.length}u) {
  var known = NONE;
  if (args.position > 0u) { known = prefix[slot(local_index)]; }
  atomicStore(&found[local_index], known);
}
workgroupBarrier();
for (var token = local_index; token < args.tokens; token += ${lanes}u) {
  let id = ids[token];
${wanted.map((id, index) => `  if (id == ${id}) { atomicMin(&found[${index}], args.position + token); }`).join('\n')}
}
workgroupBarrier();
if (local_index != 0u) { return; }
let start = atomicLoad(&found[0]);
var mask = max(start, 1u) - 1u;
for (var i = ${wanted.length - 1}u; i > 0u; i -= 1u) {
  let at = atomicLoad(&found[i]);
  if (at < start) { mask = at; }
  prefix[slot(i)] = at;
}
prefix[0] = start;
prefix[1] = mask;`,
  })
}

/** Workgroups along x = tokens * this. */
export function prefixTurnsGroupsPerToken({ size }: Pick<RopeSpec, 'size'>): number {
  return Math.ceil(size / lanes)
}

/**
 * Bindings prefix as of findPrefix, rope_table, turns (cos, sin) [tokens, 2 planes, size / 2]; scalars tokens, position. `shift` is the rope table's.
 */
export function prefixTurns({
  name,
  size,
  shift,
}: Pick<RopeSpec, 'size'> & { readonly name: string; readonly shift: number }): Kernel {
  const groups = prefixTurnsGroupsPerToken({ size })
  return assembleKernel({
    name,
    mathematics: 'turns[t] = rope of (position, 0) before the start token, of (mask, 1), (mask, 2), ... from it on',
    bindings: [
      { name: 'prefix', type: 'array<u32>', access: 'read' },
      { name: 'rope_table', type: 'array<vec2<f32>>', access: 'read' },
      { name: 'turns', type: 'array<vec2<f32>>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position'],
    workgroupSize: [lanes],
    declarations: `
const PAIRS = ${size / 2}u;
${ropeFunction(size, shift).trim()}`,
    body: `
let token = group_x / ${groups}u;
let item = group_x % ${groups}u * ${lanes}u + local_index;
if (token >= args.tokens || item >= 2u * PAIRS) { return; }
let position = args.position + token;
let start = prefix[0];
var place = vec2<u32>(position, 0u);
if (position >= start) { place = vec2<u32>(prefix[1], position - start + 1u); }
turns[token * 2u * PAIRS + item] = rope(place[item / PAIRS], item % PAIRS);`,
  })
}

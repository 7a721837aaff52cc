// Models whose prompt is read as a whole (PrefixSpec): the embed program keeps the ids of the pass, and the pass begins by looking for the end of the
// prefix among them. A pass cannot go back to earlier ones, so a prompt has to come in one: the chunk of such a model is its whole context.
import type { RopeSpec } from '../architectures/spec.ts'
import { findPrefix, keepIds, prefixBytes, prefixTurns, prefixTurnsGroupsPerToken } from '../kernels/prefix.ts'
import { constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, perChunk, type Slot, scalars } from './context.ts'

export interface PrefixGraph {
  /** What findPrefix remembers. */
  readonly state: Slot
  /** Cosines and sines of the tokens of the pass, [chunk, 2 planes, size / 2, 2]. */
  readonly turns: (rope: RopeSpec) => Slot
  /** Ends the embed program. */
  readonly keep: Launch
  /** Open a forward pass. */
  readonly launches: readonly Launch[]
}

/** null without a prefix. */
export function prefixGraph(context: GraphContext): PrefixGraph | null {
  const { buffers, spec, kernel } = context
  const { prefix } = spec
  if (prefix === undefined) return null
  const ids = perChunk(buffers, 'ids', 1)
  const state = buffers.slot('prefix', constant(prefixBytes(prefix)))
  const { tokens, position, one } = scalars
  const turns = new Map<string, Slot>()
  const launches: Launch[] = [
    {
      kernel: kernel('find_prefix', (name) => findPrefix({ name, ...prefix })),
      buffers: [ids, state],
      scalars: [tokens, position],
      grid: [one, one],
    },
  ]
  for (const { mixer } of spec.layers) {
    const rope = mixer.kind === 'attention' ? mixer.rope : null
    if (rope?.planes === undefined || turns.has(JSON.stringify(rope))) continue
    const { size } = rope
    const { table, shift } = context.rope(rope)
    const slot = perChunk(buffers, `turns_${turns.size + 1}`, 2 * size)
    turns.set(JSON.stringify(rope), slot)
    launches.push({
      kernel: kernel('prefix_turns', (name) => prefixTurns({ name, size, shift })),
      buffers: [state, table, slot],
      scalars: [tokens, position],
      grid: [count('tokens', { multiply: prefixTurnsGroupsPerToken({ size }) }), one],
    })
  }
  return {
    state,
    turns(rope) {
      const slot = turns.get(JSON.stringify(rope))
      if (slot === undefined) throw new Error('a rotation of two planes needs a prefix')
      return slot
    },
    keep: {
      kernel: kernel('keep_ids', (name) => keepIds({ name })),
      buffers: [{ kind: 'argument', index: 0 }, ids],
      scalars: [count('elements0')],
      grid: [count('elements0', { divide: 64 }), one],
    },
    launches,
  }
}

// The map: every node has a place of its own, what was made stands right of what it was made of, and arrow keys reach every node.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutOf, neighbour, nodeHeight, nodeWidth, type PlacedNode } from '../../../renderer/views/lineage/layout.ts'
import { lineageInScope } from '../../../renderer/views/lineage/scope.ts'
import type { Lineage, LineageNode } from '../../../shared/catalog/lineage.ts'
import { variantNode } from '../../../shared/catalog/lineage.ts'

function overlaps(placed: readonly PlacedNode[]): readonly string[] {
  return placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter((other) => Math.abs(one.x - other.x) < nodeWidth && Math.abs(one.y - other.y) < nodeHeight)
      .map((other) => `${one.id} on ${other.id}`),
  )
}

test('the whole map, with and without data sets, has no node on another and every relation leads right', () => {
  for (const withDatasets of [false, true]) {
    const lineage = lineageInScope(null, 'all', withDatasets)
    const placed = layoutOf(lineage)
    expect(placed.map(({ id }) => id)).toEqual(lineage.nodes.map(({ id }) => id))
    expect(overlaps(placed)).toEqual([])
    const x = new Map(placed.map((node) => [node.id, node.x]))
    for (const { from, to } of lineage.edges) expect(x.get(from), `${from} ${to}`).toBeLessThan(x.get(to) ?? 0)
  }
})

test('any graph without circles is laid out without overlaps', () => {
  const graph = fc.integer({ min: 1, max: 25 }).chain((count) =>
    fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 40 }).map(
      (pairs): Lineage => ({
        nodes: Array.from({ length: count }, (_, index) => ({ id: `n${index}` }) as unknown as LineageNode),
        edges: pairs
          .filter(([one, other]) => one !== other)
          .map(([one, other]) => ({
            from: `n${Math.min(one, other)}`,
            to: `n${Math.max(one, other)}`,
            relation: 'fine-tune',
            isConfirmed: true,
          })),
      }),
    ),
  )
  fc.assert(
    fc.property(graph, (lineage) => {
      const placed = layoutOf(lineage)
      expect(placed).toHaveLength(lineage.nodes.length)
      expect(overlaps(placed)).toEqual([])
    }),
    { numRuns: 60, seed: 20_261_128 },
  )
})

test('arrow keys reach every node of the whole map from the first one', () => {
  const placed = layoutOf(lineageInScope(null, 'all', true))
  const reached = new Set([placed[0]?.id ?? ''])
  for (const id of reached)
    for (const direction of ['left', 'right', 'up', 'down'] as const) {
      const next = neighbour(placed, id, direction)
      if (next !== null) reached.add(next)
    }
  expect(reached.size).toBe(placed.length)
})

test('an arrow goes to what is nearest in its direction, and nowhere where nothing is', () => {
  const placed = [
    { id: 'left', x: 0, y: 0 },
    { id: 'right', x: 300, y: 10 },
    { id: 'far', x: 900, y: 0 },
    { id: 'below', x: 0, y: 80 },
  ]
  expect(['right', 'down', 'left', 'up'].map((to) => neighbour(placed, 'left', to as 'left'))).toEqual([
    'right',
    'below',
    null,
    null,
  ])
  expect(neighbour(placed, 'lost', 'left')).toBe(null)
})

test('a model is shown with what it was made of and into, its family with all of that, and everything with the rest', () => {
  const ids = (scope: 'model' | 'family' | 'all') =>
    new Set(lineageInScope('starling-lm-7b-alpha', scope, false).nodes.map(({ id }) => id))
  expect(ids('model')).toEqual(
    new Set(['mistral-7b-v0.1', 'openchat_3.5', 'starling-lm-7b-alpha'].map((id) => variantNode(id))),
  )
  expect(ids('family')).toEqual(ids('model'))
  expect(ids('all').size).toBeGreaterThan(100)
  const mpt = lineageInScope('mpt-7b-chat', 'family', false).nodes.map(({ id }) => id)
  expect(mpt).toContain(variantNode('mpt-30b-instruct'))
  // Alone in the world, it is shown all the same.
  expect(lineageInScope('mamba-130m', 'model', false).nodes).toHaveLength(1)
})

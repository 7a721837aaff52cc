// Where each node of the lineage stands: dagre's layered layout, from what was there first to what was made of it. Computed once per graph.
import dagre from '@dagrejs/dagre'
import type { Lineage } from '../../../shared/catalog/lineage.ts'

export interface PlacedNode {
  readonly id: string
  /** Of the upper left corner, in pixels. */
  readonly x: number
  readonly y: number
}

export const nodeWidth = 216
export const nodeHeight = 58

/** Left to right; every node of the lineage exactly once. */
export function layoutOf({ nodes, edges }: Lineage): readonly PlacedNode[] {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 84, marginx: 24, marginy: 24 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight })
  for (const { from, to } of edges) graph.setEdge(from, to)
  dagre.layout(graph)
  return nodes.map(({ id }) => {
    const { x, y } = graph.node(id)
    return { id, x: x - nodeWidth / 2, y: y - nodeHeight / 2 }
  })
}

/** The node to go to from `id` with an arrow key: the nearest in that direction, counting what lies aside twice. null where there is none. */
export function neighbour(
  placed: readonly PlacedNode[],
  id: string,
  direction: 'left' | 'right' | 'up' | 'down',
): string | null {
  const from = placed.find((node) => node.id === id)
  if (from === undefined) return null
  const isAcross = direction === 'left' || direction === 'right'
  const sign = direction === 'right' || direction === 'down' ? 1 : -1
  const distance = ({ x, y }: PlacedNode) => {
    const [ahead, aside] = isAcross ? [sign * (x - from.x), y - from.y] : [sign * (y - from.y), x - from.x]
    return ahead <= 1 ? Infinity : ahead + 2 * Math.abs(aside)
  }
  const nearest = placed.reduce((best, node) => (distance(node) < distance(best) ? node : best), from)
  return distance(nearest) === Infinity ? null : nearest.id
}

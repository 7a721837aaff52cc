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

/** Width to height of a map that has to be packed. */
const aspect = 1.7
const gap = 40

/** Left to right; every node of the lineage exactly once. Parts without a relation to each other are laid out alone and packed into columns. */
export function layoutOf(lineage: Lineage): readonly PlacedNode[] {
  const parts = componentsOf(lineage).map(layered)
  const area = parts.reduce((total, { width, height }) => total + (width + gap) * (height + gap), 0)
  const columnHeight = Math.max(Math.sqrt(area / aspect), ...parts.map(({ height }) => height))
  let [left, top, columnWidth] = [0, 0, 0]
  const placed = new Map<string, PlacedNode>()
  for (const { nodes, width, height } of parts.toSorted((one, other) => other.height - one.height)) {
    if (top > 0 && top + height > columnHeight) {
      left += columnWidth + gap
      ;[top, columnWidth] = [0, 0]
    }
    for (const { id, x, y } of nodes) placed.set(id, { id, x: left + x, y: top + y })
    top += height + gap
    columnWidth = Math.max(columnWidth, width)
  }
  return lineage.nodes.map(({ id }) => placed.get(id) ?? { id, x: 0, y: 0 })
}

interface Part {
  readonly nodes: readonly PlacedNode[]
  readonly width: number
  readonly height: number
}

function layered({ nodes, edges }: Lineage): Part {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 84 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { width: nodeWidth, height: nodeHeight })
  for (const { from, to } of edges) graph.setEdge(from, to)
  dagre.layout(graph)
  const corners = nodes.map(({ id }) => {
    const { x, y } = graph.node(id)
    return { id, x: x - nodeWidth / 2, y: y - nodeHeight / 2 }
  })
  return {
    nodes: corners,
    width: Math.max(...corners.map(({ x }) => x)) + nodeWidth,
    height: Math.max(...corners.map(({ y }) => y)) + nodeHeight,
  }
}

/** The parts of the graph that no relation connects. */
function componentsOf({ nodes, edges }: Lineage): readonly Lineage[] {
  const owner = new Map(nodes.map(({ id }) => [id, id]))
  const rootOf = (id: string): string => {
    const above = owner.get(id) ?? id
    return above === id ? id : rootOf(above)
  }
  for (const { from, to } of edges) owner.set(rootOf(from), rootOf(to))
  const byRoot = Map.groupBy(nodes, ({ id }) => rootOf(id))
  return [...byRoot.entries()].map(([root, members]) => ({
    nodes: members,
    edges: edges.filter(({ from }) => rootOf(from) === root),
  }))
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

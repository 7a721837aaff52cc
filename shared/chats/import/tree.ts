// Trees from files: what is not kept is bridged, circles are cut, parents come before their children. Nothing here calls itself, so that depth costs nothing.

export interface Linked {
  readonly id: string
  readonly parentId: string | null
}

/** For each id the nearest one that `isKept`, itself or above it; null where there is none. */
export function nearestKept(
  parentOf: (id: string) => string | null,
  isKept: (id: string) => boolean,
): (id: string | null) => string | null {
  const known = new Map<string, string | null>()
  return (id) => {
    const walked = new Set<string>()
    let next = id
    while (next !== null && !isKept(next) && !known.has(next) && !walked.has(next)) {
      walked.add(next)
      next = parentOf(next)
    }
    const found = next === null || walked.has(next) ? null : isKept(next) ? next : (known.get(next) ?? null)
    for (const one of walked) known.set(one, found)
    return found
  }
}

/** Nodes whose parent is missing or below themselves become first ones. Ids are unique. */
export function withoutCircles<Node extends Linked>(nodes: readonly Node[]): readonly Node[] {
  const known = new Map(nodes.map((node) => [node.id, node]))
  const done = new Set<string>()
  const cut = new Set<string>()
  for (const { id } of nodes) {
    const walk = new Set<string>()
    let next: string | null = id
    while (next !== null && !done.has(next)) {
      if (walk.has(next)) {
        cut.add(next)
        break
      }
      walk.add(next)
      const parentId: string | null = known.get(next)?.parentId ?? null
      if (parentId !== null && !known.has(parentId)) cut.add(next)
      next = parentId !== null && known.has(parentId) ? parentId : null
    }
    for (const one of walk) done.add(one)
  }
  return nodes.map((node) => (cut.has(node.id) ? { ...node, parentId: null } : node))
}

/** Depth first, brothers in the order in which they stand. Of nodes without circles. */
export function parentsFirst<Node extends Linked>(nodes: readonly Node[]): readonly Node[] {
  const children = childrenOf(nodes)
  const ordered: Node[] = []
  const waiting = [...(children.get(null) ?? [])].reverse()
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    ordered.push(node)
    for (const child of (children.get(node.id) ?? []).toReversed()) waiting.push(child)
  }
  return ordered
}

export function childrenOf<Node extends Linked>(nodes: readonly Node[]): ReadonlyMap<string | null, readonly Node[]> {
  const children = new Map<string | null, Node[]>()
  for (const node of nodes) {
    const list = children.get(node.parentId)
    if (list === undefined) children.set(node.parentId, [node])
    else list.push(node)
  }
  return children
}

/** The end of a branch: from a node (null: from the start) down through the last child of each. */
export function endBelow<Node extends Linked>(nodes: readonly Node[], from: string | null): string | null {
  const children = childrenOf(nodes)
  let end = from
  for (let next = children.get(end)?.at(-1); next !== undefined; next = children.get(end)?.at(-1)) end = next.id
  return end
}

// Which part of the lineage is drawn: around one model, around its family, or everything that has a relation.
import { datasets, familyOf, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { type Lineage, lineageAround, lineageOf, variantNode } from '../../../shared/catalog/lineage.ts'

export type LineageScope = 'model' | 'family' | 'all'

/** `around`: id of a variant; null draws everything. Models and data sets without any relation are left out of the whole map. */
export function lineageInScope(around: string | null, scope: LineageScope, withDatasets: boolean): Lineage {
  const whole = lineageOf(variants, withDatasets ? datasets : [])
  const variant = around === null ? undefined : variantNamed(around)
  if (variant === undefined || scope === 'all') return related(whole)
  const members = scope === 'family' ? familyOf(variant).variants : [variant]
  const parts = members.map(({ id }) => lineageAround(whole, variantNode(id)))
  const nodes = new Set(parts.flatMap((part) => part.nodes))
  const edges = new Set(parts.flatMap((part) => part.edges))
  return { nodes: whole.nodes.filter((node) => nodes.has(node)), edges: whole.edges.filter((edge) => edges.has(edge)) }
}

function related({ nodes, edges }: Lineage): Lineage {
  const ids = new Set(edges.flatMap(({ from, to }) => [from, to]))
  return { nodes: nodes.filter(({ id }) => ids.has(id)), edges }
}

// Where models come from, as a graph: variants by their parents, and as a second layer the data sets they learned from and those these were made of.
import type { CatalogVariant, Dataset, Relation } from './types.ts'

export type LineageNode =
  | { readonly kind: 'variant'; readonly id: string; readonly variant: CatalogVariant }
  | { readonly kind: 'dataset'; readonly id: string; readonly dataset: Dataset }

/** From what was there before to what was made of it. Ids are those of nodes. */
export interface LineageEdge {
  readonly from: string
  readonly to: string
  /** learned-from and compared-by lead from a data set to a variant, derived from one set to another. */
  readonly relation: Relation | 'learned-from' | 'compared-by' | 'derived'
  readonly isConfirmed: boolean
}

export interface Lineage {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
}

/** The graph of the variants, with the second layer where data sets are given. Throws where a name leads nowhere. */
export function lineageOf(variants: readonly CatalogVariant[], datasets: readonly Dataset[] = []): Lineage {
  const nodes = [
    ...variants.map((variant): LineageNode => ({ kind: 'variant', id: variantNode(variant.id), variant })),
    ...datasets.map((dataset): LineageNode => ({ kind: 'dataset', id: datasetNode(dataset.id), dataset })),
  ]
  const edges = [
    ...variants.flatMap(parentEdges),
    ...(datasets.length === 0 ? [] : [...variants.flatMap(dataEdges), ...datasets.flatMap(derivationEdges)]),
  ]
  const ids = new Set(nodes.map(({ id }) => id))
  const lost = edges.find(({ from, to }) => !ids.has(from) || !ids.has(to))
  if (lost !== undefined) throw new Error(`lineage: ${lost.from} -> ${lost.to} leads out of the graph`)
  return { nodes, edges }
}

/** The node with everything it was made from and everything made from it: one page's picture. */
export function lineageAround({ nodes, edges }: Lineage, id: string): Lineage {
  const reach = (start: string, next: (edge: LineageEdge, at: string) => string | null): ReadonlySet<string> => {
    const reached = new Set([start])
    for (const at of reached) {
      for (const edge of edges) {
        const found = next(edge, at)
        if (found !== null) reached.add(found)
      }
    }
    return reached
  }
  const before = reach(id, ({ from, to }, at) => (to === at ? from : null))
  const after = reach(id, ({ from, to }, at) => (from === at ? to : null))
  return {
    nodes: nodes.filter((node) => before.has(node.id) || after.has(node.id)),
    edges: edges.filter(({ from, to }) => (before.has(from) && before.has(to)) || (after.has(from) && after.has(to))),
  }
}

export function variantNode(id: string): string {
  return `variant:${id}`
}

export function datasetNode(id: string): string {
  return `dataset:${id}`
}

function parentEdges({ id, parents, unconfirmed }: CatalogVariant): readonly LineageEdge[] {
  return parents.map(({ variant, relation }) => ({
    from: variantNode(variant),
    to: variantNode(id),
    relation,
    isConfirmed: !unconfirmed.includes('parents'),
  }))
}

function dataEdges({ id, datasets, preferenceDatasets, unconfirmed }: CatalogVariant): readonly LineageEdge[] {
  const edge = (dataset: string, relation: 'learned-from' | 'compared-by'): LineageEdge => ({
    from: datasetNode(dataset),
    to: variantNode(id),
    relation,
    isConfirmed: !unconfirmed.includes('datasets'),
  })
  return [
    ...datasets.map((dataset) => edge(dataset, 'learned-from')),
    ...preferenceDatasets.map((dataset) => edge(dataset, 'compared-by')),
  ]
}

function derivationEdges({ id, derivedFrom }: Dataset): readonly LineageEdge[] {
  return derivedFrom.map((source) => ({
    from: datasetNode(source),
    to: datasetNode(id),
    relation: 'derived',
    isConfirmed: true,
  }))
}

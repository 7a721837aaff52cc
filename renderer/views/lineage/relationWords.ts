// Relations of the lineage in words: as a mark on an edge, in the list and in the legend.
import type { LineageEdge } from '../../../shared/catalog/lineage.ts'

export const relationWords: Readonly<Record<LineageEdge['relation'], string>> = {
  continued: 'pretraining went on',
  'fine-tune': 'tuned with examples',
  adapter: 'tuned by an adapter',
  'preference-tune': 'tuned with comparisons',
  merge: 'weights merged',
  'learned-from': 'learned from',
  'compared-by': 'learned from comparisons in',
  derived: 'data made from',
}

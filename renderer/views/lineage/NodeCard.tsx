// A model or a data set on the map, as a button: its name, what it is, and for whom cannot see the lines its relations are in the list.
import { Database } from 'lucide-react'
import { familyOf } from '../../../shared/catalog/catalog.ts'
import type { LineageNode } from '../../../shared/catalog/lineage.ts'
import { factText } from '../../words/facts.ts'
import { parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export interface NodeCardProps {
  readonly node: LineageNode
  readonly isCentre: boolean
  /** Tab stops here. */
  readonly isReachable: boolean
  readonly onFocus: () => void
  readonly onOpen: () => void
  /** Whether the key was used. */
  readonly onKey: (key: string) => boolean
}

export function NodeCard({ node, isCentre, isReachable, onFocus, onOpen, onKey }: NodeCardProps) {
  const { name, detail } = nodeWords(node)
  return (
    <button
      type="button"
      className={`node node-${node.kind === 'variant' ? node.variant.kind : 'dataset'} ${isCentre ? 'node-centre' : ''} nodrag nopan`}
      data-node={node.id}
      tabIndex={isReachable ? 0 : -1}
      aria-current={isCentre ? 'true' : undefined}
      title={name}
      onFocus={onFocus}
      onClick={onOpen}
      onKeyDown={(event) => {
        if (onKey(event.key)) event.preventDefault()
      }}
    >
      <span className="node-name">
        {node.kind === 'dataset' ? <Database aria-hidden="true" /> : null}
        {name}
      </span>
      <span className="node-detail">{detail}</span>
    </button>
  )
}

export function nodeWords(node: LineageNode): { readonly name: string; readonly detail: string } {
  if (node.kind === 'dataset')
    return { name: node.dataset.name, detail: `${t('lineage.dataset')} · ${factText(node.dataset.publisher)}` }
  const { variant } = node
  const size = variant.parameters === null ? '' : ` · ${parametersText(variant.parameters)}`
  return {
    name: variant.repository.split('/')[1] ?? variant.id,
    detail: `${variant.kind}${size} · ${familyOf(variant).name}`,
  }
}

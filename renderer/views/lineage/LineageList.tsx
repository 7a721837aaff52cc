// The same relations as a nested list: what was there first, below it what was made of it. What was made of several things stands below each.
import type { Lineage, LineageEdge, LineageNode } from '../../../shared/catalog/lineage.ts'
import { t } from '../../words/words.ts'
import { nodeWords } from './NodeCard.tsx'

export interface LineageListProps {
  readonly lineage: Lineage
  readonly onOpen: (node: LineageNode) => void
}

export function LineageList({ lineage, onOpen }: LineageListProps) {
  const made = new Set(lineage.edges.map(({ to }) => to))
  const first = lineage.nodes.filter(({ id }) => !made.has(id))
  return (
    <section className="lineage-list" aria-label={t('lineage.list')}>
      <ul>
        {first.map((node) => (
          <Branch key={node.id} lineage={lineage} node={node} edge={null} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  )
}

interface BranchProps extends LineageListProps {
  readonly node: LineageNode
  /** Which led here. */
  readonly edge: LineageEdge | null
}

function Branch({ lineage, node, edge, onOpen }: BranchProps) {
  const { name, detail } = nodeWords(node)
  const next = lineage.edges.filter(({ from }) => from === node.id)
  return (
    <li>
      {node.kind === 'variant' ? (
        <button type="button" className="link" onClick={() => onOpen(node)}>
          {name}
        </button>
      ) : (
        <b>{name}</b>
      )}{' '}
      <span className="soft">
        {edge === null
          ? detail
          : t(edge.isConfirmed ? 'lineage.relation' : 'lineage.unconfirmed', {
              detail,
              relation: t(`lineage.words.${edge.relation}`),
            })}
      </span>
      {next.length === 0 ? null : (
        <ul>
          {next.map((one) => {
            const target = lineage.nodes.find(({ id }) => id === one.to)
            return target === undefined ? null : (
              <Branch key={`${one.to} ${one.relation}`} lineage={lineage} node={target} edge={one} onOpen={onOpen} />
            )
          })}
        </ul>
      )}
    </li>
  )
}

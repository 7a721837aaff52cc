// What the lines of the map mean.
import type { LineageEdge } from '../../../shared/catalog/lineage.ts'
import { t } from '../../words/words.ts'

const modelRelations = ['continued', 'fine-tune', 'adapter', 'preference-tune', 'merge'] as const
const dataRelations = ['learned-from', 'compared-by', 'derived'] as const

export function Legend({ withDatasets }: { readonly withDatasets: boolean }) {
  const shown: readonly LineageEdge['relation'][] = withDatasets
    ? [...modelRelations, ...dataRelations]
    : modelRelations
  return (
    <section className="legend" aria-label={t('lineage.legend')}>
      <ul>
        {shown.map((relation) => (
          <li key={relation}>
            <Line className={`edge edge-${relation}`} />
            <b>{t(`lineage.short.${relation}`)}</b> {t(`lineage.words.${relation}`)}
          </li>
        ))}
        <li>
          <Line className="edge edge-fine-tune edge-unconfirmed" />
          <b>{t('lineage.dashed')}</b> {t('lineage.dashedText')}
        </li>
      </ul>
    </section>
  )
}

function Line({ className }: { readonly className: string }) {
  return (
    <svg width="34" height="10" aria-hidden="true">
      <path d="M0 5 H34" className={className} />
    </svg>
  )
}

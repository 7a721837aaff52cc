// base | instruct | chat as buttons that lead to the member; a missing one is not shown.
import type { CatalogVariant, Family } from '../../../shared/catalog/types.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { kinds } from './chips.tsx'

export interface KindChipsProps {
  readonly family: Family
  /** At most one of each kind is shown. */
  readonly members: readonly CatalogVariant[]
}

export function KindChips({ family, members }: KindChipsProps) {
  const { open } = useCatalogue()
  return (
    <ul className="kinds" aria-label={t('models.card.variants', { family: family.name })}>
      {kinds.flatMap((kind) => {
        const member = members.find((one) => one.kind === kind)
        if (member === undefined) return []
        return (
          <li key={kind}>
            <button
              type="button"
              className={`kind kind-${kind}`}
              title={t(`models.kinds.${kind}`)}
              aria-label={t('models.card.variant', { family: family.name, kind, does: t(`models.kinds.${kind}`) })}
              onClick={() => open({ kind: 'family', id: family.id, variant: member.id })}
            >
              {kind}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

// Which member of a family is shown: its line (size and release), and base | instruct | chat within it.
import { ToggleGroup } from 'radix-ui'
import { siblingsOf } from '../../../shared/catalog/catalog.ts'
import type { CatalogVariant, Family } from '../../../shared/catalog/types.ts'
import { parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue, useFits } from './catalogueContext.ts'
import { kinds } from './chips.tsx'
import { fitMark } from './fitWords.ts'

export interface MemberSwitchProps {
  readonly family: Family
  readonly shown: CatalogVariant
}

export function MemberSwitch({ family, shown }: MemberSwitchProps) {
  const { showVariant } = useCatalogue()
  const fitOf = useFits()
  const lines = [...Map.groupBy(family.variants, ({ line }) => line).entries()]
  const siblings = siblingsOf(shown)
  const show = (variant: CatalogVariant | undefined) => {
    if (variant !== undefined) showVariant(family.id, variant.id)
  }
  return (
    <div className="member-switch">
      {lines.length === 1 ? null : (
        <label className="member-line">
          <span className="field-label">{t('family.line')}</span>
          <select
            className="family"
            value={shown.line}
            onChange={(event) => {
              const members = family.variants.filter(({ line }) => line === event.currentTarget.value)
              show(members.find(({ kind }) => kind === shown.kind) ?? members[0])
            }}
          >
            {lines.map(([line, [first]]) => (
              <option key={line} value={line}>
                {[
                  line,
                  first?.parameters == null ? '' : parametersText(first.parameters),
                  first === undefined ? '' : fitMark(fitOf(first)).words,
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
              </option>
            ))}
          </select>
        </label>
      )}
      <ToggleGroup.Root
        type="single"
        className="variants"
        aria-label={t('family.variants', { line: shown.line })}
        value={shown.kind}
        onValueChange={(kind) => show(siblings.find((one) => one.kind === kind))}
      >
        {kinds.map((kind) => (
          <ToggleGroup.Item
            key={kind}
            value={kind}
            className="variant"
            disabled={siblings.every((one) => one.kind !== kind)}
            aria-label={`${kind}: ${t(`models.kinds.${kind}`)}`}
            title={siblings.some((one) => one.kind === kind) ? t(`models.kinds.${kind}`) : t('family.notPublished')}
          >
            {kind}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
      {siblings.filter(({ kind }) => kind === shown.kind).length < 2 ? null : (
        <ul className="kinds" aria-label={t('family.several', { kind: shown.kind, line: shown.line })}>
          {siblings
            .filter(({ kind }) => kind === shown.kind)
            .map((one) => (
              <li key={one.id}>
                <button type="button" className="kind" aria-pressed={one.id === shown.id} onClick={() => show(one)}>
                  {one.repository.split('/')[1]}
                </button>
              </li>
            ))}
        </ul>
      )}
    </div>
  )
}

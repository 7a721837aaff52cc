// What narrows the list, as a form of the browser's own controls.
import { Search, X } from 'lucide-react'
import { useId } from 'react'
import { useStore } from 'zustand'
import {
  architectures,
  type CatalogueFilters,
  isNarrowed,
  noFilters,
  sizeRanges,
} from '../../state/catalogueFilters.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { kinds } from './chips.tsx'

const sizes = Object.keys(sizeRanges) as readonly (keyof typeof sizeRanges)[]
const uses = ['any', 'yes', 'yes-or-conditional'] as const satisfies readonly CatalogueFilters['commercialUse'][]

export function Filters() {
  const { browse, filter, surroundings } = useCatalogue()
  const filters = useStore(browse, (state) => state.filters)
  const isMeasured = useStore(surroundings, ({ machine }) => machine !== null)
  const id = useId()
  return (
    <search className="filters" aria-label={t('models.filters.label')}>
      <div className="search-field">
        <Search aria-hidden="true" />
        <input
          type="search"
          aria-label={t('models.filters.text')}
          placeholder={t('models.filters.text')}
          value={filters.text}
          onChange={(event) => filter({ text: event.currentTarget.value })}
        />
      </div>
      <fieldset className="filter-kinds">
        <legend className="visually-hidden">{t('models.filters.kind')}</legend>
        {kinds.map((kind) => (
          <label key={kind} className="check" title={t(`models.kinds.${kind}`)}>
            <input
              type="checkbox"
              checked={filters.kinds.includes(kind)}
              onChange={(event) =>
                filter({
                  kinds: event.currentTarget.checked
                    ? [...filters.kinds, kind]
                    : filters.kinds.filter((one) => one !== kind),
                })
              }
            />
            {kind}
          </label>
        ))}
      </fieldset>
      <Choice
        label={t('models.filters.size')}
        value={filters.size}
        options={sizes}
        words={(size) => t(`models.filters.sizes.${size}`)}
        onChange={(size) => filter({ size })}
      />
      <Choice
        label={t('models.filters.use')}
        value={filters.commercialUse}
        options={uses}
        words={(use) => t(`models.filters.uses.${use}`)}
        onChange={(commercialUse) => filter({ commercialUse })}
      />
      <Choice
        label={t('models.filters.architecture')}
        value={filters.architecture}
        options={['', ...architectures]}
        words={(name) => (name === '' ? t('models.filters.anyArchitecture') : name)}
        onChange={(architecture) => filter({ architecture })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={filters.fitsHere}
          disabled={!isMeasured}
          aria-describedby={isMeasured ? undefined : `${id}-unmeasured`}
          onChange={(event) => filter({ fitsHere: event.currentTarget.checked })}
        />
        {t('models.filters.fits')}
      </label>
      {isMeasured ? null : (
        <span id={`${id}-unmeasured`} className="soft small">
          {t('models.filters.notMeasured')}
        </span>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={filters.installedOnly}
          onChange={(event) => filter({ installedOnly: event.currentTarget.checked })}
        />
        {t('models.filters.installed')}
      </label>
      {isNarrowed(filters) ? (
        <Button label={t('models.filters.clear')} icon={<X aria-hidden="true" />} onPress={() => filter(noFilters)} />
      ) : null}
    </search>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly Value[]
  readonly words: (option: Value) => string
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, words, onChange }: ChoiceProps<Value>) {
  return (
    <select
      className="family"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {words(option)}
        </option>
      ))}
    </select>
  )
}

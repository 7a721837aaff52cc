// What narrows the list, as a form of the browser's own controls.
import { Search, X } from 'lucide-react'
import { useId } from 'react'
import { useStore } from 'zustand'
import {
  architectures,
  type CatalogueFilters,
  isNarrowed,
  noFilters,
  type sizeRanges,
} from '../../state/catalogueFilters.ts'
import { Button } from '../../ui/Button.tsx'
import { useCatalogue } from './catalogueContext.ts'
import { kinds, kindWords } from './chips.tsx'

const sizeWords = {
  any: 'any size',
  'under-1b': 'under 1 billion',
  '1b-to-4b': '1 to 4 billion',
  '4b-to-10b': '4 to 10 billion',
  '10b-to-40b': '10 to 40 billion',
  'over-40b': 'over 40 billion',
} as const satisfies Record<keyof typeof sizeRanges, string>

const useWords = {
  any: 'any licence',
  yes: 'commercial use allowed',
  'yes-or-conditional': 'allowed, also with conditions',
} as const satisfies Record<CatalogueFilters['commercialUse'], string>

export function Filters() {
  const { browse, filter, surroundings } = useCatalogue()
  const filters = useStore(browse, (state) => state.filters)
  const isMeasured = useStore(surroundings, ({ machine }) => machine !== null)
  const id = useId()
  return (
    <search className="filters" aria-label="Models">
      <div className="search-field">
        <Search aria-hidden="true" />
        <input
          type="search"
          aria-label="Name, family or publisher"
          placeholder="Name, family or publisher"
          value={filters.text}
          onChange={(event) => filter({ text: event.currentTarget.value })}
        />
      </div>
      <fieldset className="filter-kinds">
        <legend className="visually-hidden">Kind</legend>
        {kinds.map((kind) => (
          <label key={kind} className="check" title={kindWords[kind]}>
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
      <Choice label="Size" value={filters.size} options={sizeWords} onChange={(size) => filter({ size })} />
      <Choice
        label="Commercial use"
        value={filters.commercialUse}
        options={useWords}
        onChange={(commercialUse) => filter({ commercialUse })}
      />
      <Choice
        label="Architecture"
        value={filters.architecture}
        options={architectureWords}
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
        fits this machine
      </label>
      {isMeasured ? null : (
        <span id={`${id}-unmeasured`} className="soft small">
          (not measured yet)
        </span>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={filters.installedOnly}
          onChange={(event) => filter({ installedOnly: event.currentTarget.checked })}
        />
        installed
      </label>
      {isNarrowed(filters) ? (
        <Button label="Clear filters" icon={<X aria-hidden="true" />} onPress={() => filter(noFilters)} />
      ) : null}
    </search>
  )
}

const architectureWords: Readonly<Record<string, string>> = {
  '': 'any architecture',
  ...Object.fromEntries(architectures.map((name) => [name, name])),
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: Readonly<Record<Value, string>>
  readonly onChange: (value: Value) => void
}

function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <select
      className="family"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {Object.entries<string>(options).map(([option, words]) => (
        <option key={option} value={option}>
          {words}
        </option>
      ))}
    </select>
  )
}

// Where models come from, as a map to walk through and as a list that says the same.
import { ToggleGroup } from 'radix-ui'
import { useMemo, useState } from 'react'
import { familyOf, variantNamed } from '../../../shared/catalog/catalog.ts'
import type { LineageNode } from '../../../shared/catalog/lineage.ts'
import { formatCount } from '../../../shared/units.ts'
import { useCatalogue } from '../models/catalogueContext.ts'
import { PageTop } from '../models/PageTop.tsx'
import { Legend } from './Legend.tsx'
import { LineageGraph } from './LineageGraph.tsx'
import { LineageList } from './LineageList.tsx'
import { type LineageScope, lineageInScope } from './scope.ts'

const scopeWords = { model: 'This model', family: 'Its family', all: 'Everything' } as const
const formWords = { map: 'Map', list: 'List' } as const

export function LineagePage({ around }: { readonly around: string | null }) {
  const { open } = useCatalogue()
  const variant = around === null ? undefined : variantNamed(around)
  const [scope, setScope] = useState<LineageScope>(variant === undefined ? 'all' : 'model')
  const [withDatasets, setWithDatasets] = useState(false)
  const [form, setForm] = useState<keyof typeof formWords>('map')
  const lineage = useMemo(() => lineageInScope(around, scope, withDatasets), [around, scope, withDatasets])
  const openNode = (node: LineageNode) => {
    if (node.kind === 'variant') open({ kind: 'family', id: familyOf(node.variant).id, variant: node.variant.id })
  }
  const models = lineage.nodes.filter(({ kind }) => kind === 'variant').length
  const sets = lineage.nodes.length - models
  return (
    <div className="browse-page lineage-page">
      <PageTop
        title={
          variant === undefined ? 'Where models come from' : `Where ${variant.repository.split('/')[1]} comes from`
        }
      >
        <div className="page-tools">
          {variant === undefined ? null : (
            <Toggle label="What is shown" value={scope} options={scopeWords} onChange={setScope} />
          )}
          <Toggle label="Form" value={form} options={formWords} onChange={setForm} />
          <label className="check">
            <input
              type="checkbox"
              checked={withDatasets}
              onChange={(event) => setWithDatasets(event.currentTarget.checked)}
            />
            data sets
          </label>
          <span className="soft" role="status">
            {formatCount(models, 'model')}
            {sets === 0 ? '' : `, ${formatCount(sets, 'data set')}`}, {formatCount(lineage.edges.length, 'relation')}
          </span>
        </div>
      </PageTop>
      {form === 'map' ? (
        <>
          <LineageGraph
            key={`${scope} ${withDatasets}`}
            lineage={lineage}
            around={variant?.id ?? null}
            onOpen={openNode}
          />
          <Legend withDatasets={withDatasets} />
        </>
      ) : (
        <LineageList lineage={lineage} onOpen={openNode} />
      )}
    </div>
  )
}

interface ToggleProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: Readonly<Record<Value, string>>
  readonly onChange: (value: Value) => void
}

function Toggle<Value extends string>({ label, value, options, onChange }: ToggleProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      className="variants"
      aria-label={label}
      value={value}
      onValueChange={(chosen) => {
        if (chosen !== '') onChange(chosen as Value)
      }}
    >
      {Object.entries<string>(options).map(([option, words]) => (
        <ToggleGroup.Item key={option} value={option} className="variant">
          {words}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

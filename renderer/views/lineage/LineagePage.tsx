// Where models come from, as a map to walk through and as a list that says the same.
import { ToggleGroup } from 'radix-ui'
import { useMemo, useState } from 'react'
import { familyOf, variantNamed } from '../../../shared/catalog/catalog.ts'
import type { LineageNode } from '../../../shared/catalog/lineage.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from '../models/catalogueContext.ts'
import { PageTop } from '../models/PageTop.tsx'
import { Legend } from './Legend.tsx'
import { LineageGraph } from './LineageGraph.tsx'
import { LineageList } from './LineageList.tsx'
import { type LineageScope, lineageInScope } from './scope.ts'

const scopes = ['model', 'family', 'all'] as const satisfies readonly LineageScope[]
const forms = ['map', 'list'] as const

export function LineagePage({ around }: { readonly around: string | null }) {
  const { open } = useCatalogue()
  const variant = around === null ? undefined : variantNamed(around)
  const [scope, setScope] = useState<LineageScope>(variant === undefined ? 'all' : 'model')
  const [withDatasets, setWithDatasets] = useState(false)
  const [form, setForm] = useState<(typeof forms)[number]>('map')
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
          variant === undefined
            ? t('lineage.title')
            : t('lineage.titleOf', { name: variant.repository.split('/')[1] ?? variant.id })
        }
      >
        <div className="page-tools">
          {variant === undefined ? null : (
            <Toggle
              label={t('lineage.shown')}
              value={scope}
              options={scopes}
              words={(option) => t(`lineage.scopes.${option}`)}
              onChange={setScope}
            />
          )}
          <Toggle
            label={t('lineage.form')}
            value={form}
            options={forms}
            words={(option) => t(`lineage.forms.${option}`)}
            onChange={setForm}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={withDatasets}
              onChange={(event) => setWithDatasets(event.currentTarget.checked)}
            />
            {t('lineage.datasets')}
          </label>
          <span className="soft" role="status">
            {[
              t('units.models', { count: models }),
              ...(sets === 0 ? [] : [t('lineage.sets', { count: sets })]),
              t('lineage.relations', { count: lineage.edges.length }),
            ].join(', ')}
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
  readonly options: readonly Value[]
  readonly words: (option: Value) => string
  readonly onChange: (value: Value) => void
}

function Toggle<Value extends string>({ label, value, options, words, onChange }: ToggleProps<Value>) {
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
      {options.map((option) => (
        <ToggleGroup.Item key={option} value={option} className="variant">
          {words(option)}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

// JSON instead of free text, of a schema or of any. A schema that cannot be used stays in the field and changes nothing.
import { useId, useState } from 'react'
import { t } from '../../../words/words.ts'
import { schemaProblem } from './schemaProblem.ts'

export interface SchemaFieldProps {
  /** null: free text. Empty: any JSON. */
  readonly schema: string | null
  readonly onChange: (schema: string | null) => void
}

export function SchemaField({ schema, onChange }: SchemaFieldProps) {
  /** As it was typed while it cannot be used. */
  const [typed, setTyped] = useState<string | null>(null)
  const id = useId()
  const text = typed ?? schema ?? ''
  const problem = schemaProblem(text)
  return (
    <div className="panel-field">
      <label className="check">
        <input
          type="checkbox"
          checked={schema !== null}
          onChange={(event) => onChange(event.currentTarget.checked ? (problem === null ? text : '') : null)}
        />
        {t('sampling.schema')}
      </label>
      {schema === null ? null : (
        <>
          <label className="visually-hidden" htmlFor={id}>
            {t('sampling.schemaText')}
          </label>
          <textarea
            id={id}
            className="panel-text panel-code"
            rows={5}
            spellCheck={false}
            placeholder={'{ "type": "object" }'}
            aria-invalid={problem === null ? undefined : true}
            aria-describedby={`${id}-hint`}
            value={text}
            onChange={(event) => {
              const next = event.currentTarget.value
              const isUsable = schemaProblem(next) === null
              setTyped(isUsable ? null : next)
              if (isUsable) onChange(next)
            }}
          />
          <p id={`${id}-hint`} className={problem === null ? 'field-hint' : 'field-hint field-problem'} role="status">
            {problem === null
              ? t('sampling.schemaHint')
              : `${t(`sampling.schemaProblem.${problem.kind}`, { detail: problem.detail })} ${t('sampling.schemaUnused')}`}
          </p>
        </>
      )}
    </div>
  )
}

// What the models are asked.
import { useId } from 'react'
import { t } from '../../../words/words.ts'

export interface QuestionFieldsProps {
  readonly text: string
  readonly input: string
  /** One of the models knows an input beside the instruction. */
  readonly takesInput: boolean
  readonly isDisabled: boolean
  readonly onChange: (text: string, input: string) => void
}

export function QuestionFields({ text, input, takesInput, isDisabled, onChange }: QuestionFieldsProps) {
  const id = useId()
  return (
    <div className="panel-field">
      <label className="field-label" htmlFor={`${id}-text`}>
        {t('compare.text')}
      </label>
      <textarea
        id={`${id}-text`}
        className="panel-text"
        rows={3}
        readOnly={isDisabled}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value, input)}
      />
      {takesInput ? (
        <>
          <label className="field-hint" htmlFor={`${id}-input`}>
            {t('compare.input')}
          </label>
          <textarea
            id={`${id}-input`}
            className="panel-text"
            rows={1}
            readOnly={isDisabled}
            value={input}
            onChange={(event) => onChange(text, event.currentTarget.value)}
          />
        </>
      ) : null}
    </div>
  )
}

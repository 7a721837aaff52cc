// Which models are asked: the variants of the family in use, or two or three others.
import type { InstalledModel } from '../../../../shared/model.ts'
import { mostModels } from '../../../state/compare.ts'
import { familiesOf } from '../../../state/models.ts'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'

export interface ModelChoiceProps {
  readonly installed: readonly InstalledModel[]
  readonly chosen: readonly InstalledModel[]
  readonly isUsual: boolean
  readonly isDisabled: boolean
  /** null: the usual ones. */
  readonly onChoose: (keys: readonly string[] | null) => void
}

export function ModelChoice({ installed, chosen, isUsual, isDisabled, onChoose }: ModelChoiceProps) {
  const keys = chosen.map(({ key }) => key)
  const inFamilies = familiesOf(installed).flatMap(({ members }) => members)
  return (
    <fieldset className="panel-choices compare-models">
      <legend className="field-label">{t('compare.models')}</legend>
      <div className="compare-list">
        {inFamilies.map(({ key, manifest: { title } }) => {
          const isChosen = keys.includes(key)
          return (
            <label key={key} className="check">
              <input
                type="checkbox"
                checked={isChosen}
                disabled={isDisabled || (!isChosen && keys.length >= mostModels)}
                onChange={() => onChoose(isChosen ? keys.filter((other) => other !== key) : [...keys, key])}
              />
              {title}
            </label>
          )
        })}
      </div>
      <div className="panel-line">
        <p className="field-hint">{t('compare.modelsHint')}</p>
        {isUsual ? null : <Button label={t('compare.usual')} disabled={isDisabled} onPress={() => onChoose(null)} />}
      </div>
    </fieldset>
  )
}

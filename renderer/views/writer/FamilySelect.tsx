// Which family of models: the browser's own list, shown only where there is a choice. The arrow keys open it, so that no model is loaded in passing.
import { chooseFamily } from '../../commands/chooseFamily.ts'
import { familiesOf, familyOf } from '../../state/models.ts'
import { useApp, useValue } from '../app.ts'

export function FamilySelect() {
  const app = useApp()
  const models = useValue(app.models, (state) => state)
  const families = familiesOf(models.installed)
  if (families.length < 2) return null
  return (
    <select
      className="family"
      aria-label="Model family"
      value={familyOf(models)?.name ?? ''}
      onChange={(event) => chooseFamily(event.currentTarget.value).run(app)}
      onKeyDown={(event) => {
        if (event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
        event.preventDefault()
        event.currentTarget.showPicker()
      }}
    >
      {families.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  )
}

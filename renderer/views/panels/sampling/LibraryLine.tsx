// One saved thing. While it is renamed its name is a field: Enter keeps the new name, Esc the old one.
import { Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'

export interface LibraryLineProps {
  readonly name: string
  readonly isReadOnly: boolean
  readonly onUse: () => void
  readonly onRename: (name: string) => void
  readonly onRemove: () => void
}

export function LibraryLine({ name, isReadOnly, onUse, onRename, onRemove }: LibraryLineProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const keep = () => {
    if (typed !== null && typed.trim() !== '' && typed.trim() !== name) onRename(typed.trim())
    setTyped(null)
  }
  if (typed !== null) {
    return (
      <li className="library-line">
        <input
          className="panel-input"
          aria-label={t('sampling.library.newName', { name })}
          maxLength={200}
          value={typed}
          // The person has just asked to type here.
          ref={(field) => field?.focus()}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') keep()
            else if (event.key === 'Escape') setTyped(null)
            else return
            event.preventDefault()
            event.stopPropagation()
          }}
        />
        <Button label={t('sampling.library.done')} onPress={keep} />
      </li>
    )
  }
  return (
    <li className="library-line">
      <button
        type="button"
        className="library-name"
        aria-label={t('sampling.library.useNamed', { name })}
        onClick={onUse}
      >
        {name}
      </button>
      <Button
        kind="icon"
        label={t('sampling.library.renameNamed', { name })}
        icon={<Pencil aria-hidden="true" />}
        disabled={isReadOnly}
        onPress={() => setTyped(name)}
      />
      <Button
        kind="icon"
        label={t('sampling.library.removeNamed', { name })}
        icon={<Trash2 aria-hidden="true" />}
        disabled={isReadOnly}
        onPress={onRemove}
      />
    </li>
  )
}

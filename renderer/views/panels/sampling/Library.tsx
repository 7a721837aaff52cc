// What a person saved under a name: use, rename, delete, save another. What was deleted last can be brought back while the panel is open.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import type { LibraryItem } from '../../../../shared/chats/types.ts'
import type { Chats } from '../../../state/chats/api.ts'
import { Button } from '../../../ui/Button.tsx'
import { t } from '../../../words/words.ts'
import { LibraryLine } from './LibraryLine.tsx'

export interface LibraryProps {
  readonly title: string
  readonly emptyText: string
  readonly nameLabel: string
  readonly saveLabel: string
  readonly items: readonly LibraryItem[]
  /** What would be saved now; null: nothing can be. */
  readonly make: ((id: string, name: string) => LibraryItem) | null
  readonly chats: Pick<Chats, 'store' | 'putItem' | 'removeItem'>
  readonly onUse: (item: LibraryItem) => void
}

export function Library(props: LibraryProps) {
  const { title, emptyText, nameLabel, saveLabel, items, make, chats, onUse } = props
  const [name, setName] = useState('')
  const [removed, setRemoved] = useState<LibraryItem | null>(null)
  const id = useId()
  const isReadOnly = useStore(chats.store, ({ notice }) => notice.kind === 'read-only')
  const isSavable = !isReadOnly && make !== null && name.trim() !== ''
  const save = () => {
    if (make === null || !isSavable) return
    // The same name once more replaces what it named.
    const old = items.find((item) => item.name === name.trim())
    void chats.putItem(make(old?.id ?? crypto.randomUUID(), name.trim()))
    setName('')
  }
  return (
    <details className="panel-fold">
      <summary>
        {title} ({items.length})
      </summary>
      {items.length === 0 ? <p className="field-hint">{emptyText}</p> : null}
      <ul className="library">
        {items.map((item) => (
          <LibraryLine
            key={item.id}
            name={item.name}
            isReadOnly={isReadOnly}
            onUse={() => onUse(item)}
            onRename={(next) => void chats.putItem({ ...item, name: next })}
            onRemove={() => {
              setRemoved(item)
              void chats.removeItem(item.id)
            }}
          />
        ))}
      </ul>
      {removed === null ? null : (
        <p className="panel-line" role="status">
          <span className="field-hint">{t('sampling.library.removed', { name: removed.name })}</span>
          <Button
            label={t('sampling.library.bringBack')}
            onPress={() => {
              void chats.putItem(removed)
              setRemoved(null)
            }}
          />
        </p>
      )}
      {isReadOnly ? <p className="field-hint">{t('sidebar.readOnlyTitle')}</p> : null}
      <form
        className="library-save"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <label className="field-hint" htmlFor={id}>
          {nameLabel}
        </label>
        <input
          id={id}
          className="panel-input"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button label={saveLabel} disabled={!isSavable} onPress={save} />
      </form>
    </details>
  )
}

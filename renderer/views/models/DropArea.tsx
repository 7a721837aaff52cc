// Folders and addresses can be let go of anywhere over it. Keyboards reach the same by the field and by Choose folder.
import { type DragEvent, type ReactNode, useState } from 'react'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'

export function DropArea({ children }: { readonly children: ReactNode }) {
  const { dropped, look } = useCatalogue()
  const [isOver, setOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file !== undefined) void dropped(file)
    else void look(event.dataTransfer.getData('text/plain'))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the field and the button that do the same
    <div
      className={isOver ? 'browse browse-over' : 'browse'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={onDrop}
    >
      {children}
      {isOver ? <p className="drop-hint">{t('models.drop')}</p> : null}
    </div>
  )
}

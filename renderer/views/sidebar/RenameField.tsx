// A name that is written in place: Enter and leaving the field keep it, Esc does not.
import { useEffect, useRef } from 'react'
import { plainLine } from '../../../shared/chats/export/plainLine.ts'

export interface RenameFieldProps {
  readonly label: string
  readonly value: string
  readonly maxLength: number
  /** null: it stays as it was. */
  readonly onEnd: (name: string | null) => void
}

export function RenameField({ label, value, maxLength, onEnd }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const end = (isKept: boolean) => {
    if (isDone.current) return
    isDone.current = true
    const name = plainLine(field.current?.value ?? '', maxLength)
    onEnd(isKept && name !== '' && name !== value ? name : null)
  }
  return (
    <input
      ref={field}
      className="sidebar-rename"
      aria-label={label}
      defaultValue={value}
      maxLength={maxLength}
      dir="auto"
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
        event.preventDefault()
        end(event.key === 'Enter')
      }}
    />
  )
}

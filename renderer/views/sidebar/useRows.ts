// The keyboard of the list: one row has the focus, arrows move it, and it stays in the page while the list is scrolled elsewhere.
import { type KeyboardEvent, type RefObject, useEffect, useReducer, useRef, useState } from 'react'
import type { Row } from './groupChats.ts'

export interface Rows {
  readonly activeId: string | null
  readonly activeIndex: number
  /** Makes a row the one with the focus, and gives it the focus as soon as it is in the page. */
  readonly focus: (id: string) => void
  readonly activate: (id: string) => void
  /** Moves the focus for a key; false for other keys. */
  readonly move: (event: KeyboardEvent) => boolean
}

export function useRows(
  rows: readonly Row[],
  openId: string | null,
  list: RefObject<HTMLElement | null>,
  /** A name is being written: its field keeps the focus. */
  isRenaming: boolean,
  show: (index: number) => void,
): Rows {
  const [chosen, setChosen] = useState<string | null>(null)
  const wanted = useRef<string | null>(null)
  const [, render] = useReducer((count: number) => count + 1, 0)
  const last = useRef(0)
  const indexOf = (id: string | null) => (id === null ? -1 : rows.findIndex((row) => row.id === id))
  const known = indexOf(chosen)
  // Where the row is gone, the one in its place takes over.
  const place =
    known !== -1 ? known : chosen === null ? Math.max(0, indexOf(openId)) : Math.min(last.current, rows.length - 1)
  const activeIndex = rows.length === 0 ? -1 : Math.max(0, place)
  const activeId = rows[activeIndex]?.id ?? null
  useEffect(() => {
    last.current = activeIndex
    if (isRenaming || wanted.current !== activeId) wanted.current = null
    const row = wanted.current === null ? null : list.current?.querySelector<HTMLElement>('[data-active]')
    if (row == null || row.dataset.active !== activeId) return
    wanted.current = null
    row.focus({ preventScroll: true })
  })
  const focus = (id: string) => {
    wanted.current = id
    setChosen(id)
    // Also where it is chosen already: the wish would wait for the next change of the list, and take the focus from elsewhere then.
    render()
    const index = indexOf(id)
    if (index !== -1) show(index)
  }
  const move = ({ key }: KeyboardEvent): boolean => {
    const target = targetOf(key, activeIndex, rows)
    if (target === undefined) return false
    focus(target.id)
    return true
  }
  return { activeId, activeIndex, focus, activate: setChosen, move }
}

function targetOf(key: string, index: number, rows: readonly Row[]): Row | undefined {
  switch (key) {
    case 'ArrowDown':
      return rows[Math.min(index + 1, rows.length - 1)]
    case 'ArrowUp':
      return rows[Math.max(index - 1, 0)]
    case 'Home':
      return rows[0]
    case 'End':
      return rows.at(-1)
    case 'ArrowLeft':
      return rows[index]?.kind === 'chat' ? rows.slice(0, index).findLast(({ kind }) => kind !== 'chat') : undefined
    default:
      return undefined
  }
}

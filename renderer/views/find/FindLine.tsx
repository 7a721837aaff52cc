// The line that finds text in the open chat: Enter and F3 go on, with Shift back, Esc closes it.
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { findNext, findPrevious } from '../../commands/findCommands.ts'
import { type Place, placesIn } from '../../state/finding.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { bringToEye, clearMarks, markPlaces } from './highlight.ts'

export function FindLine() {
  const { navigation, finding } = useApp()
  const asked = useValue(finding.store, (state) => state.asked)
  const isOpen = useValue(navigation.store, (state) => state.findOpen)
  return isOpen ? (
    <div className="find-place">
      <OpenLine key={asked} />
    </div>
  ) : null
}

function OpenLine() {
  const { navigation, finding, conversation } = useApp()
  const line = useRef<HTMLElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const { text, at } = useValue(finding.store, (state) => state)
  const path = useValue(conversation.store, (state) => state.path)
  const written = useValue(conversation.store, (state) => state.document)
  const places = useMemo(() => placesIn({ path, document: written }, text), [path, written, text])
  const index = Math.min(at, places.length - 1)
  useMarks(line, text, places[index])
  useEffect(() => {
    const before = document.activeElement
    field.current?.focus()
    field.current?.select()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') navigation.closeFind()
    else if (event.key === 'Enter' && event.target === field.current) finding.step(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const count =
    places.length === 0 ? t('palette.findNone') : t('palette.findCount', { index: index + 1, count: places.length })
  return (
    <search ref={line} aria-label={t('palette.find')} className="find" onKeyDown={onKeyDown}>
      <input
        ref={field}
        className="find-field"
        aria-label={t('palette.find')}
        placeholder={t('palette.find')}
        dir="auto"
        value={text}
        maxLength={500}
        onChange={(event) => finding.look(event.target.value)}
      />
      <span className="find-count" role="status">
        {text.trim() === '' ? '' : count}
      </span>
      <CommandButton kind="icon" command={findPrevious} icon={<ChevronUp aria-hidden="true" />} />
      <CommandButton kind="icon" command={findNext} icon={<ChevronDown aria-hidden="true" />} />
      <Button
        kind="icon"
        label={t('palette.findClose')}
        icon={<X aria-hidden="true" />}
        onPress={navigation.closeFind}
      />
    </search>
  )
}

/** Marks again whenever messages come into the page or change, and brings the current place to the eye once. */
function useMarks(line: React.RefObject<HTMLElement | null>, text: string, current: Place | undefined): void {
  const shown = useRef('')
  useEffect(() => {
    const root = line.current?.closest('.area')
    if (root == null || text.trim() === '') {
      clearMarks()
      return
    }
    const name = `${current?.messageId} ${current?.nth} ${text}`
    const mark = () => {
      const range = markPlaces(root, text, current)
      if (range === null || shown.current === name) return
      shown.current = name
      bringToEye(range)
    }
    let frame = requestAnimationFrame(mark)
    const watcher = new MutationObserver(() => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(mark)
    })
    watcher.observe(root, { subtree: true, childList: true, characterData: true })
    return () => {
      watcher.disconnect()
      cancelAnimationFrame(frame)
      clearMarks()
    }
  }, [line, text, current])
}

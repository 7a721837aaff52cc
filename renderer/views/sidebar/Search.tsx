// The search over all chats: a field, and what it finds in names and messages. Arrows choose, Enter opens, Esc clears.
import { Search as Glass, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import type { ChatSummary, SearchHit } from '../../../shared/chats/types.ts'
import { openChat, openHit } from '../../commands/openChatCommands.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { failureLine } from '../problems/problemText.ts'
import { MarkedText } from './MarkedText.tsx'
import { titleOf } from './names.ts'
import { type SearchState, useSearch } from './useSearch.ts'

const mostTitles = 20

/** `children`: what stands below while nothing is searched. */
export function Search({ children }: { readonly children: ReactNode }) {
  const app = useApp()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const id = useId()
  const chats = useValue(app.chats.store, (state) => state.chats)
  const search = useSearch(app.chats, text)
  const named = text.trim() === '' ? [] : matching(chats, text.trim())
  const hits = 'hits' in search ? search.hits : []
  const count = named.length + hits.length
  const active = Math.min(chosen, count - 1)
  const open = (index: number) => {
    const chat = named[index]
    const hit = hits[index - named.length]
    if (chat !== undefined) openChat(app, chat.id)
    else if (hit !== undefined) void openHit(app, hit)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const next = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key]
    if (next !== undefined && count > 0) setChosen((next + count) % count)
    else if (event.key === 'Enter' && count > 0) open(active)
    else if (event.key === 'Escape' && text !== '') setText('')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <>
      <div className="sidebar-search">
        <Glass aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label={t('sidebar.search')}
          placeholder={t('sidebar.search')}
          aria-expanded={count > 0}
          aria-controls={`${id}-hits`}
          aria-activedescendant={count > 0 ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          dir="auto"
          value={text}
          maxLength={500}
          onChange={(event) => {
            setText(event.target.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
        {text === '' ? null : (
          <button type="button" className="sidebar-clear" aria-label={t('sidebar.clear')} onClick={() => setText('')}>
            <X aria-hidden="true" />
          </button>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {search.kind === 'found' ? t('sidebar.hits', { count }) : ''}
      </p>
      {text.trim() === '' ? (
        children
      ) : (
        <div className="sidebar-scroll">
          <SearchNote search={search} isEmpty={count === 0} text={text.trim()} />
          <div id={`${id}-hits`} role="listbox" aria-label={t('sidebar.search')} className="sidebar-hits">
            {named.map((chat, index) => (
              <Hit key={chat.id} id={`${id}-${index}`} isActive={index === active} onPress={() => open(index)}>
                <span className="sidebar-hit-title">
                  <bdi>
                    <MarkedText text={titleOf(chat)} marks={marksIn(titleOf(chat), text.trim())} />
                  </bdi>
                </span>
              </Hit>
            ))}
            {hits.map((hit, index) => (
              <Hit
                key={`${hit.messageId}`}
                id={`${id}-${named.length + index}`}
                isActive={named.length + index === active}
                onPress={() => open(named.length + index)}
              >
                <HitText hit={hit} />
              </Hit>
            ))}
          </div>
        </div>
      )}
    </>
  )
}

export function HitText({ hit }: { readonly hit: SearchHit }) {
  return (
    <>
      <span className="sidebar-hit-title">
        <bdi>{titleOf(hit)}</bdi>
      </span>
      <span className="sidebar-excerpt" dir="auto">
        <MarkedText text={hit.excerpt} marks={hit.marks} />
      </span>
    </>
  )
}

interface HitProps {
  readonly id: string
  readonly isActive: boolean
  readonly onPress: () => void
  readonly children: ReactNode
}

function Hit({ id, isActive, onPress, children }: HitProps) {
  return (
    // The field keeps the focus and has the keys.
    // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter act in the field
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
    <div
      id={id}
      ref={isActive ? (element) => element?.scrollIntoView({ block: 'nearest' }) : null}
      role="option"
      aria-selected={isActive}
      className="sidebar-hit"
      onClick={onPress}
    >
      {children}
    </div>
  )
}

function SearchNote({
  search,
  isEmpty,
  text,
}: {
  readonly search: SearchState
  readonly isEmpty: boolean
  readonly text: string
}) {
  if (search.kind === 'failed')
    return <p className="sidebar-note">{t('sidebar.failed', { detail: failureLine(search.error) })}</p>
  if (!isEmpty) return null
  return (
    <p className="sidebar-note">{search.kind === 'found' ? t('sidebar.nothing', { text }) : t('sidebar.searching')}</p>
  )
}

function matching(chats: readonly ChatSummary[], text: string): readonly ChatSummary[] {
  return chats.filter((chat) => marksIn(titleOf(chat), text).length > 0).slice(0, mostTitles)
}

function marksIn(title: string, text: string): readonly (readonly [number, number])[] {
  const start = title.toLowerCase().indexOf(text.toLowerCase())
  return start === -1 ? [] : [[start, start + text.length]]
}

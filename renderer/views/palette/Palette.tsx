// Ctrl+K: commands, chats, models and families by typing; what was chosen last comes first. Enter runs, Esc closes.
import { Command } from 'cmdk'
import { useState } from 'react'
import type { SearchHit } from '../../../shared/chats/types.ts'
import { openHit } from '../../commands/openChatCommands.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { t } from '../../words/words.ts'
import { useAll, useApp, useValue } from '../app.ts'
import { HitText } from '../sidebar/Search.tsx'
import { useSearch } from '../sidebar/useSearch.ts'
import { type Entry, paletteEntries } from './entries.ts'
import { entryScore } from './entryScore.ts'
import { keepRecent, readRecent } from './recent.ts'

const mostHits = 20
const groups = ['commands', 'chats', 'models', 'families'] as const

export function Palette() {
  const { navigation } = useApp()
  const isOpen = useValue(navigation.store, (state) => state.paletteOpen)
  return (
    <Dialog
      labelledBy="palette-title"
      className="dialog switcher palette"
      isOpen={isOpen}
      onClose={navigation.closePalette}
    >
      <h2 id="palette-title" className="visually-hidden">
        {t('palette.title')}
      </h2>
      <Choices />
    </Dialog>
  )
}

function Choices() {
  const app = useApp()
  useAll(app)
  const [text, setText] = useState('')
  const [recent] = useState(() => readRecent(localStorage))
  const entries = paletteEntries(app)
  const search = useSearch(app.chats, text, mostHits)
  const hits = 'hits' in search ? search.hits : []
  const recentEntries = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? [])
  const isBrowsing = text.trim() === ''
  const shown = isBrowsing ? entries.filter(({ id }) => !recent.includes(id)) : entries
  const choose = (entry: Entry) => {
    keepRecent(localStorage, entry.id)
    app.navigation.closePalette()
    entry.run()
  }
  const openText = (hit: SearchHit) => {
    app.navigation.closePalette()
    void openHit(app, hit)
  }
  return (
    <Command label={t('palette.title')} loop filter={entryScore}>
      <Command.Input
        className="switcher-input"
        placeholder={t('palette.placeholder')}
        value={text}
        onValueChange={setText}
      />
      <Command.List className="switcher-list palette-list" label={t('palette.title')}>
        <Command.Empty className="switcher-empty">{t('palette.nothing')}</Command.Empty>
        {isBrowsing && recentEntries.length > 0 ? (
          <Command.Group heading={t('palette.recent')}>
            {recentEntries.map((entry) => (
              <PaletteItem key={entry.id} entry={entry} onChoose={choose} />
            ))}
          </Command.Group>
        ) : null}
        {groups.map((group) => {
          const own = shown.filter((entry) => entry.group === group)
          return own.length === 0 ? null : (
            <Command.Group key={group} heading={t(`palette.${group}`)}>
              {(isBrowsing ? own.slice(0, group === 'chats' ? 8 : own.length) : own).map((entry) => (
                <PaletteItem key={entry.id} entry={entry} onChoose={choose} />
              ))}
            </Command.Group>
          )
        })}
        {hits.length === 0 ? null : (
          <Command.Group heading={t('palette.messages')} forceMount>
            {hits.map((hit) => (
              <Command.Item
                key={hit.messageId}
                value={`message ${hit.messageId}`}
                className="palette-item palette-hit"
                forceMount
                onSelect={() => openText(hit)}
              >
                <HitText hit={hit} />
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
      <div className="switcher-state">
        <p className="soft">
          <kbd>Enter</kbd> {t('palette.hint')} · <kbd>Esc</kbd> {t('palette.closes')}
        </p>
      </div>
    </Command>
  )
}

function PaletteItem({ entry, onChoose }: { readonly entry: Entry; readonly onChoose: (entry: Entry) => void }) {
  const { id, label, note, keys, words } = entry
  return (
    <Command.Item value={id} keywords={[label, ...words]} className="palette-item" onSelect={() => onChoose(entry)}>
      <span className="palette-label" dir="auto">
        {label}
      </span>
      {note === '' ? null : <span className="palette-note">{note}</span>}
      {keys === '' ? null : <kbd>{keys}</kbd>}
    </Command.Item>
  )
}

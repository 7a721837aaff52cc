// Ctrl+K: commands, chats, models and families by typing; what was chosen last comes first. Enter runs, Esc closes.

import { Command } from 'cmdk'
import { useMemo, useState } from 'react'
import type { SearchHit } from '../../../shared/chats/types.ts'
import { shortcutText } from '../../commands/command.ts'
import { openHit } from '../../commands/openChatCommands.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { t } from '../../words/words.ts'
import { isMac, useAll, useApp, useValue } from '../app.ts'
import { useShownKeys } from '../keys.ts'
import { HitText } from '../sidebar/Search.tsx'
import { useSearch } from '../sidebar/useSearch.ts'
import { type Entry, paletteEntries } from './entries.ts'
import { keepRecent, readRecent } from './recent.ts'
import { sectionsOf } from './sections.ts'

const mostHits = 20

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
  const shownKeys = useShownKeys()
  const [text, setText] = useState('')
  const [recent] = useState(() => readRecent(localStorage))
  const { models, chats, conversation, navigation } = useAll(app)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what commands can do is decided by these
  const entries = useMemo(
    () => paletteEntries(app, (command) => shownKeys(command).texts[0] ?? ''),
    [app, models, chats, conversation, navigation],
  )
  const sections = useMemo(() => sectionsOf(entries, recent, text), [entries, recent, text])
  const search = useSearch(app.chats, text, mostHits)
  const hits = 'hits' in search ? search.hits : []
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
    <Command label={t('palette.title')} loop vimBindings={false} shouldFilter={false}>
      <Command.Input
        className="switcher-input"
        placeholder={t('palette.placeholder')}
        value={text}
        onValueChange={setText}
      />
      <Command.List className="switcher-list palette-list" label={t('palette.title')}>
        <Command.Empty className="switcher-empty">{t('palette.nothing')}</Command.Empty>
        {sections.map(({ heading, entries: own }) => (
          <Command.Group key={heading} heading={t(`palette.${heading}`)}>
            {own.map((entry) => (
              <PaletteItem key={entry.id} entry={entry} onChoose={choose} />
            ))}
          </Command.Group>
        ))}
        {hits.length === 0 ? null : (
          <Command.Group heading={t('palette.messages')}>
            {hits.map((hit) => (
              <Command.Item
                key={hit.messageId}
                value={`message ${hit.messageId}`}
                className="palette-item palette-hit"
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
          <kbd>{shortcutText({ key: 'Enter' }, isMac)}</kbd> {t('palette.hint')} ·{' '}
          <kbd>{shortcutText({ key: 'Escape' }, isMac)}</kbd> {t('palette.closes')}
        </p>
      </div>
    </Command>
  )
}

function PaletteItem({ entry, onChoose }: { readonly entry: Entry; readonly onChoose: (entry: Entry) => void }) {
  const { id, label, note, keys } = entry
  return (
    <Command.Item value={id} className="palette-item" onSelect={() => onChoose(entry)}>
      <span className="palette-label">
        <bdi>{label}</bdi>
      </span>
      {note === '' ? null : <span className="palette-note">{note}</span>}
      {keys === '' ? null : <kbd>{keys}</kbd>}
    </Command.Item>
  )
}

// The keys of every command, to be changed by pressing others. A key that another command has is named with it, and swapped only when that is wanted.
import { useState } from 'react'
import { shortcutText } from '../../commands/command.ts'
import { commandGroups } from '../../commands/groups.ts'
import { withoutChange, withShortcut } from '../../state/shortcuts.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { isMac, useAll, useApp } from '../app.ts'
import { PageTitle } from '../PageTitle.tsx'
import { ShortcutRow } from './ShortcutRow.tsx'

export function ShortcutSettings() {
  const app = useApp()
  const { changed } = useAll(app).shortcuts
  const [said, setSaid] = useState('')
  return (
    <div className="browse-page settings-page">
      <header className="page-head">
        <PageTitle>{t('shortcuts.title')}</PageTitle>
        <p className="soft">{t('shortcuts.lead')}</p>
        <p className="page-tools">
          <Button
            label={t('shortcuts.resetAll')}
            disabled={Object.keys(changed).length === 0}
            onPress={() => app.shortcuts.setState({ changed: {} })}
          />
          <span className="soft" role="status">
            {said}
          </span>
        </p>
      </header>
      {commandGroups.map(({ id, commands }) => (
        <section key={id} className="setting" aria-labelledby={`keys-${id}`}>
          <h2 id={`keys-${id}`} className="section-title">
            {t(`shortcuts.groups.${id}`)}
          </h2>
          <ul className="key-list">
            {commands.map((command) => (
              <ShortcutRow
                key={command.id}
                command={command}
                title={command.title(app)}
                onChange={(next) => {
                  app.shortcuts.setState({ changed: next })
                  const own = next[command.id]
                  setSaid(
                    own == null
                      ? ''
                      : t('shortcuts.nowHas', { title: command.title(app), keys: shortcutText(own, isMac) }),
                  )
                }}
                onRemove={() => app.shortcuts.setState({ changed: withShortcut(changed, command.id, null) })}
                onReset={() => app.shortcuts.setState({ changed: withoutChange(changed, command.id) })}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

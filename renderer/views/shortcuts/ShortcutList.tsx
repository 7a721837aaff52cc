// Every command with the keys it has now.
import { shortcutText } from '../../commands/command.ts'
import { commandGroups, type ListedCommand } from '../../commands/groups.ts'
import { messageKeys } from '../../commands/messageCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { t } from '../../words/words.ts'
import { isMac, useApp, useValue } from '../app.ts'
import { useShownKeys } from '../keys.ts'

export function ShortcutList() {
  const app = useApp()
  const isOpen = useValue(app.navigation.store, (state) => state.shortcutsOpen)
  const close = app.navigation.closeShortcuts
  return (
    <Dialog labelledBy="shortcuts-title" isOpen={isOpen} onClose={close}>
      <div className="section-head">
        <h2 id="shortcuts-title" className="panel-title">
          {t('shortcuts.title')}
        </h2>
        <span className="buttons">
          <Button
            label={t('shortcuts.change')}
            onPress={() => {
              close()
              app.navigation.showSettings('shortcuts')
            }}
          />
          <Button label={t('shortcuts.close')} onPress={close} />
        </span>
      </div>
      {commandGroups.map(({ id, commands }) => (
        <Keys key={id} title={t(`shortcuts.groups.${id}`)} commands={commands} id={id} />
      ))}
    </Dialog>
  )
}

interface KeysProps {
  readonly title: string
  readonly commands: readonly ListedCommand[]
  readonly id: (typeof commandGroups)[number]['id']
}

function Keys({ title, commands, id: group }: KeysProps) {
  const app = useApp()
  const shownKeys = useShownKeys()
  const rows = commands.map((command) => ({
    id: command.id,
    title: command.title(app),
    texts: shownKeys(command).texts,
  }))
  return (
    <>
      <h3 className="sub-title">{title}</h3>
      <dl className="shortcuts">
        {[...rows, ...fixedKeys(group)].map((row) =>
          row.texts.length === 0 ? null : (
            <div key={row.id} className="shortcut">
              <dt>{row.title}</dt>
              <dd>
                {row.texts.map((text) => (
                  <kbd key={text}>{text}</kbd>
                ))}
              </dd>
            </div>
          ),
        )}
      </dl>
    </>
  )
}

/** Keys of the message field and of the list of messages: they are those of every such field and list, and stay as they are. */
function fixedKeys(group: KeysProps['id']): readonly { id: string; title: string; texts: readonly string[] }[] {
  if (group === 'messages')
    return messageKeys.map(({ id, title, shortcut }) => ({
      id,
      title: title(),
      texts: [shortcutText(shortcut, isMac)],
    }))
  if (group !== 'desk') return []
  return [
    { id: 'send', title: t('shortcuts.send'), texts: [shortcutText({ key: 'Enter' }, isMac)] },
    { id: 'newLine', title: t('shortcuts.newLine'), texts: [shortcutText({ key: 'Enter', shift: true }, isMac)] },
  ]
}

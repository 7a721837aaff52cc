// Every command with its keys.
import { type Shortcut, shortcutsOf, shortcutText } from '../../commands/command.ts'
import { commands } from '../../commands/index.ts'
import { jobCommands } from '../../commands/jobCommands.ts'
import { modelCommands } from '../../commands/modelCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { isMac, useApp, useValue } from '../app.ts'

export function ShortcutList() {
  const app = useApp()
  const isOpen = useValue(app.appearance, (state) => state.shortcutsOpen)
  const close = () => app.appearance.setState({ shortcutsOpen: false })
  return (
    <Dialog labelledBy="shortcuts-title" isOpen={isOpen} onClose={close}>
      <div className="section-head">
        <h2 id="shortcuts-title" className="panel-title">
          Keyboard shortcuts
        </h2>
        <Button label="Close" onPress={close} />
      </div>
      <dl className="shortcuts">
        {commands.map((command) => (
          <div key={command.id} className="shortcut">
            <dt>{command.title(app)}</dt>
            <dd>
              {shortcutsOf(command).map((shortcut) => (
                <kbd key={shortcut.key}>{shortcutText(shortcut, isMac)}</kbd>
              ))}
            </dd>
          </div>
        ))}
        <div className="shortcut">
          <dt>Send a chat message</dt>
          <dd>
            <kbd>Enter</kbd>
          </dd>
        </div>
      </dl>
      <ItemKeys title="In the list of downloads" commands={Object.values(jobCommands)} />
      <ItemKeys title="In the list of installed models" commands={Object.values(modelCommands)} />
    </Dialog>
  )
}

interface ItemKeysProps {
  readonly title: string
  readonly commands: readonly {
    readonly id: string
    readonly title: (item: null) => string
    readonly shortcut: Shortcut | null
  }[]
}

/** Keys that act while the focus is within an item of a list. */
function ItemKeys({ title, commands: itemCommands }: ItemKeysProps) {
  return (
    <>
      <h3 className="sub-title">{title}</h3>
      <dl className="shortcuts">
        {itemCommands.map(({ id, title: words, shortcut }) =>
          shortcut === null ? null : (
            <div key={id} className="shortcut">
              <dt>{words(null)}</dt>
              <dd>
                <kbd>{shortcutText(shortcut, isMac)}</kbd>
              </dd>
            </div>
          ),
        )}
      </dl>
    </>
  )
}

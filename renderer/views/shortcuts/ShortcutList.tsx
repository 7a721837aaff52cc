// Every command with its keys, in the browser's own dialog: it keeps the focus inside and closes with Esc.
import { useEffect, useRef } from 'react'
import { shortcutsOf, shortcutText } from '../../commands/command.ts'
import { commands } from '../../commands/index.ts'
import { Button } from '../../ui/Button.tsx'
import { isMac, useApp, useValue } from '../app.ts'

export function ShortcutList() {
  const app = useApp()
  const isOpen = useValue(app.appearance, (state) => state.shortcutsOpen)
  const dialog = useRef<HTMLDialogElement>(null)
  const close = () => app.appearance.setState({ shortcutsOpen: false })
  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal()
    else if (!isOpen) dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="shortcuts-title" onClose={close}>
      <h2 id="shortcuts-title" className="panel-title">
        Keyboard shortcuts
      </h2>
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
      <Button label="Close" onPress={close} />
    </dialog>
  )
}

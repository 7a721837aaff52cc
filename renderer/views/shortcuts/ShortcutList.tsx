// Every command with its keys, in the browser's own dialog: it keeps the focus inside and closes with Esc.
import { useEffect, useRef } from 'react'
import { shortcutText } from '../../commands/command.ts'
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
        {commands.map(({ id, title, shortcut }) =>
          shortcut === null ? null : (
            <div key={id} className="shortcut">
              <dt>{title(app)}</dt>
              <dd>
                <kbd>{shortcutText(shortcut, isMac)}</kbd>
              </dd>
            </div>
          ),
        )}
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

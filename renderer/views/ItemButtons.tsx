// The buttons of one item in a list, from its commands, and their keys while the focus is within the item. Where something would be lost a question
// comes first.
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { type ItemCommand, itemCommandOf } from '../commands/itemCommand.ts'
import { Button, type ButtonProps } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { t } from '../words/words.ts'
import { isMac } from './app.ts'
import { useChangedKeys, useShownKeys } from './keys.ts'
import { useManagement } from './manage.ts'

export interface ItemButtonProps {
  readonly icon?: ReactNode
  readonly kind?: ButtonProps['kind']
}

export interface ItemActions<Item> {
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly button: (command: ItemCommand<Item>, props?: ItemButtonProps) => ReactNode
  /** The open question, if there is one. */
  readonly question: ReactNode
}

/** `name` is what the buttons are about, for screen readers. */
export function useItemActions<Item>(
  commands: readonly ItemCommand<Item>[],
  item: Item,
  name: string,
): ItemActions<Item> {
  const management = useManagement()
  const changed = useChangedKeys()
  const shownKeys = useShownKeys()
  const id = useId()
  const [asked, setAsked] = useState<ItemCommand<Item> | null>(null)
  const start = (command: ItemCommand<Item>) => {
    if ((command.question?.(item) ?? null) === null) command.run(management, item)
    else setAsked(command)
  }
  const question = asked?.question?.(item) ?? null
  return {
    onKeyDown: (event) => {
      if (event.defaultPrevented || asked !== null) return
      const command = itemCommandOf(commands, item, event.nativeEvent, isMac, changed)
      if (command === undefined) return
      event.preventDefault()
      start(command)
    },
    button: (command, { icon, kind } = {}) => {
      const { aria } = shownKeys(command)
      return (
        <Button
          key={command.id}
          label={command.title(item)}
          spokenLabel={`${command.title(item)}: ${name}`}
          icon={icon}
          {...(kind === undefined ? {} : { kind })}
          {...(aria === undefined ? {} : { keyShortcut: aria })}
          disabled={!command.isEnabled(item)}
          onPress={() => start(command)}
        />
      )
    },
    question: (
      <Dialog
        role="alertdialog"
        labelledBy={`${id}-title`}
        describedBy={`${id}-text`}
        isOpen={question !== null}
        onClose={() => setAsked(null)}
      >
        <h2 id={`${id}-title`} className="panel-title">
          {question?.title}
        </h2>
        <p id={`${id}-text`} className="dialog-text">
          {question?.text}
        </p>
        <div className="buttons">
          <Button label={t('shell.keepIt')} onPress={() => setAsked(null)} />
          <Button
            kind="alarm"
            label={question?.answer ?? ''}
            onPress={() => {
              setAsked(null)
              asked?.run(management, item)
            }}
          />
        </div>
      </Dialog>
    ),
  }
}

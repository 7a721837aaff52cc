// The menu of a row. Radix's menu without its modal form, which would inject a style that the page's policy refuses.
import { Ellipsis } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { t } from '../../words/words.ts'

export interface RowMenuProps {
  readonly label: string
  readonly isOpen: boolean
  readonly isTabStop: boolean
  readonly onOpenChange: (isOpen: boolean) => void
  /** Where the focus goes when it is closed. */
  readonly onClosed: () => void
  readonly children: ReactNode
}

export function RowMenu({ label, isOpen, isTabStop, onOpenChange, onClosed, children }: RowMenuProps) {
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger
        className="sidebar-more"
        aria-label={label}
        tabIndex={isTabStop ? 0 : -1}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => event.stopPropagation()}
      >
        <Ellipsis aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => event.stopPropagation()}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onClosed()
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export interface MenuItemProps {
  readonly label: string
  readonly icon?: ReactNode
  /** Printed beside the label. */
  readonly keys?: string
  readonly isAlarm?: boolean
  readonly isDisabled?: boolean
  readonly onSelect: () => void
}

export function MenuItem({ label, icon, keys = '', isAlarm = false, isDisabled = false, onSelect }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={isAlarm ? 'menu-item menu-alarm' : 'menu-item'}
      disabled={isDisabled}
      onSelect={onSelect}
    >
      {icon}
      <span className="menu-label">{label}</span>
      {keys === '' ? null : (
        <span className="menu-keys" aria-hidden="true">
          {keys}
        </span>
      )}
    </DropdownMenu.Item>
  )
}

/** Why what changes chats is disabled. */
export function ReadOnlyNote() {
  return <DropdownMenu.Label className="menu-note">{t('sidebar.readOnlyTitle')}</DropdownMenu.Label>
}

export interface SubMenuProps {
  readonly label: string
  readonly icon?: ReactNode
  readonly isDisabled?: boolean
  readonly children: ReactNode
}

export function SubMenu({ label, icon, isDisabled = false, children }: SubMenuProps) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className="menu-item" disabled={isDisabled}>
        {icon}
        <span className="menu-label">{label}</span>
        <span className="menu-arrow" aria-hidden="true" />
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className="menu" sideOffset={2} collisionPadding={8}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  )
}

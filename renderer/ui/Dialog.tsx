import { type ReactNode, useEffect, useRef } from 'react'

export interface DialogProps {
  /** Of the element that names it, inside. */
  readonly labelledBy: string
  readonly describedBy?: string
  readonly isOpen: boolean
  /** alertdialog: a question that has to be answered. */
  readonly role?: 'dialog' | 'alertdialog'
  readonly className?: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * The browser's own modal dialog: it keeps the focus inside, closes with Esc and gives the focus back. It needs no style of its own in the page, which the
 * policy of the page would refuse.
 */
export function Dialog(props: DialogProps) {
  const { labelledBy, describedBy, isOpen, role, className = 'dialog', onClose, children } = props
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen && dialog.current?.open === false) {
      dialog.current.showModal()
      // The browser would give the focus to a container that can have it, where nothing is typed into the field within.
      dialog.current.querySelector<HTMLElement>('input, textarea, select, button')?.focus()
    } else if (!isOpen) dialog.current?.close()
  }, [isOpen])
  return (
    <dialog
      ref={dialog}
      className={className}
      {...(role === undefined ? {} : { role })}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      // Told a moment after it was closed; it may be open again by then.
      onClose={() => {
        if (dialog.current?.open !== true) onClose()
      }}
    >
      {isOpen ? children : null}
    </dialog>
  )
}

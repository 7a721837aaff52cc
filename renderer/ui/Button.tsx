import type { ReactNode, Ref } from 'react'

export interface ButtonProps {
  readonly label: string
  readonly icon?: ReactNode
  /** For screen readers in place of the label, which it begins with: what the button is about, where several stand beside each other. */
  readonly spokenLabel?: string
  /** Printed beside the label, for example `Ctrl+Enter`. */
  readonly shortcut?: string
  /** In the form screen readers expect: `Control+Enter`. */
  readonly keyShortcut?: string
  readonly kind?: 'primary' | 'plain' | 'icon' | 'alarm'
  readonly disabled?: boolean
  readonly onPress: () => void
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button that stays focusable while it cannot be used, so that the keyboard does not lose its place. */
export function Button(props: ButtonProps) {
  const { label, spokenLabel, icon, shortcut, keyShortcut, kind = 'plain', disabled, onPress, ref } = props
  return (
    <button
      ref={ref}
      type="button"
      className={`button button-${kind}`}
      aria-label={spokenLabel ?? (kind === 'icon' ? label : undefined)}
      title={kind === 'icon' ? label : undefined}
      aria-disabled={disabled === true ? true : undefined}
      aria-keyshortcuts={keyShortcut}
      onClick={() => {
        if (disabled !== true) onPress()
      }}
    >
      {icon}
      {kind === 'icon' ? null : <span>{label}</span>}
      {kind === 'icon' || shortcut === undefined ? null : (
        <span className="button-keys" aria-hidden="true">
          {shortcut}
        </span>
      )}
    </button>
  )
}

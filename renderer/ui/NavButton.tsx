import type { ReactNode } from 'react'

export interface NavButtonProps {
  readonly label: string
  readonly icon?: ReactNode
  readonly isCurrent: boolean
  readonly keyShortcut?: string
  readonly onPress: () => void
}

/** One of the places of a navigation. */
export function NavButton({ label, icon, isCurrent, keyShortcut, onPress }: NavButtonProps) {
  return (
    <button
      type="button"
      className="nav-button"
      aria-current={isCurrent ? 'page' : undefined}
      aria-keyshortcuts={keyShortcut}
      onClick={onPress}
    >
      {icon}
      <span>{label}</span>
    </button>
  )
}

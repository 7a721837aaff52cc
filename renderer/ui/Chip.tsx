import type { ReactNode } from 'react'

export interface ChipProps {
  /** good and bad are told by an icon and by words too: never by the colour alone. */
  readonly kind?: 'plain' | 'good' | 'caution' | 'bad'
  readonly icon?: ReactNode
  readonly title?: string
  readonly children: ReactNode
}

/** A short fact beside others. */
export function Chip({ kind = 'plain', icon, title, children }: ChipProps) {
  return (
    <span className={`chip chip-${kind}`} title={title}>
      {icon}
      {children}
    </span>
  )
}

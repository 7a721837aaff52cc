import type { ReactNode } from 'react'

export interface NoticeProps {
  readonly kind: 'info' | 'problem'
  readonly icon: ReactNode
  readonly title?: string
  readonly children: ReactNode
  readonly action?: ReactNode
}

/** A short message in the page. Problems interrupt a screen reader; the rest waits its turn. */
export function Notice({ kind, icon, title, children, action }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'problem' ? 'alert' : undefined}>
      <span className="notice-icon" aria-hidden="true">
        {icon}
      </span>
      <div className="notice-words">
        {title === undefined ? null : <p className="notice-title">{title}</p>}
        {children}
      </div>
      {action}
    </div>
  )
}

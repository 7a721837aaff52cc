// The heading of a page of an area. It takes the focus when its page opens, so that keyboard and screen reader begin at its top.
import { type ReactNode, useEffect, useRef } from 'react'

export function PageTitle({ children }: { readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <h1 ref={heading} tabIndex={-1} className="page-title">
      {children}
    </h1>
  )
}

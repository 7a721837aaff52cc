// The heading of a page. It takes the focus when the page opens, so that keyboard and screen reader begin at its top.
import { type ReactNode, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useCatalogue } from './catalogueContext.ts'

export function PageHeading({ children }: { readonly children: ReactNode }) {
  const { browse } = useCatalogue()
  const heading = useRef<HTMLHeadingElement>(null)
  const hasMoved = useStore(browse, ({ before, page }) => before.length > 0 || page.kind !== 'all')
  useEffect(() => {
    if (hasMoved) heading.current?.focus()
  }, [hasMoved])
  return (
    <h1 ref={heading} tabIndex={-1} className="page-title">
      {children}
    </h1>
  )
}

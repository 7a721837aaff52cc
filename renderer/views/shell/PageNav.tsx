// The pages of an area.
import { NavButton } from '../../ui/NavButton.tsx'

export interface PageNavProps<Page extends string> {
  readonly label: string
  readonly pages: readonly { readonly page: Page; readonly title: string }[]
  readonly current: Page
  readonly onShow: (page: Page) => void
}

export function PageNav<Page extends string>({ label, pages, current, onShow }: PageNavProps<Page>) {
  return (
    <nav className="page-nav" aria-label={label}>
      {pages.map(({ page, title }) => (
        <NavButton key={page} label={title} isCurrent={page === current} onPress={() => onShow(page)} />
      ))}
    </nav>
  )
}

// The top of a page that another led to: back, the heading, a line below.
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { PageHeading } from './PageHeading.tsx'

export interface PageTopProps {
  readonly title: string
  readonly children?: ReactNode
}

export function PageTop({ title, children }: PageTopProps) {
  const { back } = useCatalogue()
  return (
    <header className="page-head">
      <Button label={t('family.back')} icon={<ArrowLeft aria-hidden="true" />} onPress={back} />
      <PageHeading>{title}</PageHeading>
      {children}
    </header>
  )
}

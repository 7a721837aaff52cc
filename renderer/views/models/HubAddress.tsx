// The address of a repository's page, to be copied: the window itself opens no page of the network.
import { useStore } from 'zustand'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'

export function HubAddress({ repository }: { readonly repository: string }) {
  const { surroundings } = useCatalogue()
  const endpoint = useStore(surroundings, ({ hubEndpoint }) => hubEndpoint)
  return (
    <p>
      {t('family.page')} <code className="address">{`${endpoint.replace(/\/$/, '')}/${repository}`}</code>
    </p>
  )
}

// What holds for the whole window: offline mode, and a network that is gone.
import { CloudOff, Unplug } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'

export function Banners() {
  const { settings } = useManagement()
  const isOffline = useStore(settings.store, ({ view }) => view?.offline === true)
  const isConnected = useSyncExternalStore(watchConnection, () => navigator.onLine)
  if (isOffline)
    return (
      <aside className="banner" aria-label={t('shell.offlineLabel')}>
        <CloudOff aria-hidden="true" />
        <p>{t('shell.offlineText')}</p>
      </aside>
    )
  if (!isConnected)
    return (
      <aside className="banner" aria-label={t('shell.connectionLabel')}>
        <Unplug aria-hidden="true" />
        <p>{t('shell.connectionText')}</p>
      </aside>
    )
  return null
}

function watchConnection(changed: () => void): () => void {
  const stop = new AbortController()
  window.addEventListener('online', changed, { signal: stop.signal })
  window.addEventListener('offline', changed, { signal: stop.signal })
  return () => stop.abort()
}

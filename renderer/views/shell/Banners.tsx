// What holds for the whole window: offline mode, and a network that is gone.
import { CloudOff, Unplug } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { useManagement } from '../manage.ts'

export function Banners() {
  const { settings } = useManagement()
  const isOffline = useStore(settings.store, ({ view }) => view?.offline === true)
  const isConnected = useSyncExternalStore(watchConnection, () => navigator.onLine)
  if (isOffline)
    return (
      <aside className="banner" aria-label="Offline mode">
        <CloudOff aria-hidden="true" />
        <p>Offline mode: nothing leaves this computer.</p>
      </aside>
    )
  if (!isConnected)
    return (
      <aside className="banner" aria-label="Connection">
        <Unplug aria-hidden="true" />
        <p>The connection is lost. Nothing changes: models run on this computer, and downloads go on by themselves.</p>
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

// Whether the list of chats is seen and which of its groups are closed, in the page's own storage. Storage may be refused or hold anything.

const openKey = 'hearth.sidebar'
const closedKey = 'hearth.closedGroups'

export function readSidebarOpen(storage: Pick<Storage, 'getItem'>): boolean {
  try {
    return storage.getItem(openKey) !== 'closed'
  } catch {
    return true
  }
}

/** In a window where it would lie over the conversation (styles/sidebar.css: 56.25rem) it waits to be asked for. `fontPercent`: of the usual size. */
export function isSidebarOpenAtStart(wasOpen: boolean, windowPx: number, fontPercent: number): boolean {
  return wasOpen && windowPx >= 900 * (fontPercent / 100)
}

export function keepSidebarOpen(storage: Pick<Storage, 'setItem'>, isOpen: boolean): void {
  try {
    storage.setItem(openKey, isOpen ? 'open' : 'closed')
  } catch {
    // It is as usual next time.
  }
}

export function readClosedGroups(storage: Pick<Storage, 'getItem'>): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(closedKey) ?? '[]')
    return new Set(Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, 1000) : [])
  } catch {
    return new Set()
  }
}

export function keepClosedGroups(storage: Pick<Storage, 'setItem'>, closed: ReadonlySet<string>): void {
  try {
    storage.setItem(closedKey, JSON.stringify([...closed]))
  } catch {
    // All are open next time.
  }
}

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

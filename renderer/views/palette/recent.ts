// What was chosen in the palette last, newest first, in the page's own storage. Storage may be refused or hold anything.
const key = 'hearth.paletteRecent'
const most = 6

export function readRecent(storage: Pick<Storage, 'getItem'>): readonly string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

export function keepRecent(storage: Pick<Storage, 'getItem' | 'setItem'>, id: string): void {
  try {
    storage.setItem(key, JSON.stringify([id, ...readRecent(storage).filter((one) => one !== id)].slice(0, most)))
  } catch {
    // It is not remembered.
  }
}

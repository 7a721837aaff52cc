// The page's own storage, without a page.

export function pageStorage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

function refuse(): never {
  throw new DOMException('denied', 'SecurityError')
}

/** As browsers are where a person forbids it. */
export const refusingStorage = { getItem: refuse, setItem: refuse }

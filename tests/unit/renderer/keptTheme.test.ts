import { expect, test } from 'vitest'
import { keepTheme, readTheme } from '../../../renderer/keptTheme.ts'

function storage() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
}

test('a theme that was chosen is there again', () => {
  const page = storage()
  expect(readTheme(page)).toBe('system')
  for (const theme of ['dark', 'light', 'system'] as const) {
    keepTheme(page, theme)
    expect(readTheme(page)).toBe(theme)
  }
})

test('a storage that holds something else, or refuses, means the system’s theme', () => {
  expect(readTheme({ getItem: () => 'purple' })).toBe('system')
  const refuse = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  expect(readTheme({ getItem: refuse })).toBe('system')
  expect(() => keepTheme({ setItem: refuse }, 'dark')).not.toThrow()
})

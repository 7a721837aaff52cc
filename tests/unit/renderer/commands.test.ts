import { expect, test } from 'vitest'
import { type KeyPress, matches, shortcutText } from '../../../renderer/commands/command.ts'
import { commands } from '../../../renderer/commands/index.ts'
import { keysOf } from '../../../renderer/state/shortcuts.ts'

function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  return { key, code: key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers }
}

test('every command has its own id and its own keys', () => {
  const ids = commands.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^[a-z]+(\.[a-zA-Z]+)+$/.test(id))).toEqual([])
  const keys = commands.flatMap((command) => keysOf(command, {}).map((shortcut) => shortcutText(shortcut, false)))
  expect(new Set(keys).size).toBe(keys.length)
})

test('Ctrl or Command with 1 to 3 leads to the areas of the app, and to nothing else', () => {
  for (const [digit, id] of [
    ['1', 'area.chat'],
    ['2', 'area.models'],
    ['3', 'area.settings'],
  ] as const) {
    const modified = [
      { isMac: false, key: press(digit, { code: `Digit${digit}`, ctrlKey: true }) },
      { isMac: true, key: press(digit, { code: `Digit${digit}`, metaKey: true }) },
    ]
    for (const { key, isMac } of modified) {
      const led = commands.filter(({ shortcut }) => shortcut !== null && matches(shortcut, key, isMac))
      expect(led.map((command) => command.id)).toEqual([id])
    }
  }
})

test('the modifier is Command on macOS and Ctrl elsewhere, and input methods keep their keys', () => {
  const shortcut = { key: 'Enter', mod: true } as const
  const ctrl = press('Enter', { ctrlKey: true })
  const command = press('Enter', { metaKey: true })
  expect([matches(shortcut, ctrl, false), matches(shortcut, ctrl, true)]).toEqual([true, false])
  expect([matches(shortcut, command, false), matches(shortcut, command, true)]).toEqual([false, true])
  expect(matches(shortcut, { ...ctrl, shiftKey: true }, false)).toBe(false)
  expect(matches(shortcut, { ...ctrl, isComposing: true }, false)).toBe(false)
  expect(matches({ key: 'KeyS', alt: true }, press('ß', { code: 'KeyS', altKey: true }), true)).toBe(true)
})

test('shortcuts are printed as each platform writes them', () => {
  expect(commands.slice(0, 3).map(({ shortcut }) => shortcut && shortcutText(shortcut, false))).toEqual([
    'Ctrl+Enter',
    'Esc',
    'Ctrl+Shift+Backspace',
  ])
  expect(shortcutText({ key: 'l', mod: true, shift: true }, true)).toBe('⌘⇧L')
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type KeyPress, matches, type Shortcut, shortcutOf } from '../../../renderer/commands/command.ts'
import { commandGroups } from '../../../renderer/commands/groups.ts'
import { keepShortcuts, readShortcuts } from '../../../renderer/keptShortcuts.ts'
import {
  type ChangedShortcuts,
  isSame,
  keysOf,
  swapped,
  verdictOf,
  withoutChange,
  withShortcut,
} from '../../../renderer/state/shortcuts.ts'
import { pageStorage } from '../../support/pageStorage.ts'

const command = (id: string) => {
  const found = commandGroups.flatMap(({ commands }) => commands).find((one) => one.id === id)
  if (found === undefined) throw new Error(`no command ${id}`)
  return found
}
const verdict = (id: string, wanted: Shortcut, changed: ChangedShortcuts = {}) =>
  verdictOf(command(id), wanted, commandGroups, changed)

test('a changed key counts instead of all of the command’s own, until it is taken back', () => {
  const settings = command('area.settings')
  expect(keysOf(settings, {})).toHaveLength(2)
  const changed = withShortcut({}, 'area.settings', { key: 'F8' })
  expect(keysOf(settings, changed)).toEqual([{ key: 'F8' }])
  expect(keysOf(settings, withShortcut(changed, 'area.settings', null))).toEqual([])
  expect(keysOf(settings, withoutChange(changed, 'area.settings'))).toHaveLength(2)
})

test('no command has a key of its own that is reserved or another’s', () => {
  for (const { commands } of commandGroups)
    for (const one of commands)
      for (const key of keysOf(one, {}))
        expect([one.id, verdictOf(one, key, commandGroups, {})]).toEqual([one.id, { kind: 'free' }])
})

test('keys of texts and of the system are refused', () => {
  expect(verdict('model.switch', { key: 'c', mod: true })).toEqual({ kind: 'reserved', reason: 'system' })
  expect(verdict('model.switch', { key: 'KeyV', mod: true })).toEqual({ kind: 'reserved', reason: 'system' })
  expect(verdict('model.switch', { key: 'Tab', mod: true })).toEqual({ kind: 'reserved', reason: 'system' })
  expect(verdict('model.switch', { key: 'j' })).toEqual({ kind: 'reserved', reason: 'text' })
  expect(verdict('model.switch', { key: 'Enter' })).toEqual({ kind: 'reserved', reason: 'text' })
  expect(verdict('model.switch', { key: 'KeyQ', mod: true, alt: true })).toEqual({ kind: 'reserved', reason: 'text' })
  expect(verdict('model.switch', { key: 'F6' })).toEqual({ kind: 'free' })
  expect(verdict('jobs.pause', { key: 'j' })).toEqual({ kind: 'free' })
})

test('a key is taken within a list and by the whole window, and not by another list', () => {
  expect(verdict('jobs.pause', { key: 't' })).toMatchObject({ kind: 'taken', by: { id: 'jobs.tryNow' } })
  expect(verdict('jobs.pause', { key: 'f' })).toEqual({ kind: 'free' })
  expect(verdict('jobs.pause', { key: '2', mod: true })).toMatchObject({ kind: 'taken', by: { id: 'area.models' } })
  expect(verdict('model.switch', { key: 'ArrowUp', alt: true })).toMatchObject({
    kind: 'taken',
    by: { id: 'jobs.up' },
  })
})

test('two commands swap, and one that may not have the other’s key has none', () => {
  const both = swapped(
    { command: command('area.chat'), wanted: { key: 'Digit2', mod: true }, other: command('area.models') },
    commandGroups,
    {},
  )
  expect(keysOf(command('area.chat'), both)).toEqual([{ key: 'Digit2', mod: true }])
  expect(keysOf(command('area.models'), both)).toEqual([{ key: 'Digit1', mod: true }])
  const given = swapped(
    { command: command('jobs.pause'), wanted: { key: 'l', mod: true }, other: command('model.switch') },
    commandGroups,
    {},
  )
  expect(keysOf(command('model.switch'), given)).toEqual([])
})

const presses: fc.Arbitrary<KeyPress> = fc.record({
  key: fc.constantFrom('a', 'A', 'ß', 'ж', '1', '!', '+', ' ', 'Enter', 'F5', 'ArrowUp', 'Delete'),
  code: fc.constantFrom('KeyA', 'KeyS', 'Digit1', 'Equal', 'Space', 'Enter', 'F5', 'ArrowUp', 'Delete'),
  ctrlKey: fc.boolean(),
  metaKey: fc.boolean(),
  shiftKey: fc.boolean(),
  altKey: fc.boolean(),
})

test('a recorded key press is the shortcut that it matches', () => {
  fc.assert(
    fc.property(presses, fc.boolean(), (press, isMac) => {
      const recorded = shortcutOf(press, isMac)
      if (recorded !== null) expect(matches(recorded, press, isMac)).toBe(true)
    }),
    { seed: 20261128 },
  )
})

test('a modifier alone, and an input method, are no shortcut', () => {
  const press = { key: 'Control', code: 'ControlLeft', ctrlKey: true, metaKey: false, shiftKey: false, altKey: false }
  expect(shortcutOf(press, false)).toBe(null)
  expect(shortcutOf({ ...press, key: 'a', code: 'KeyA', isComposing: true }, false)).toBe(null)
})

test('a letter is the same key by its name and by its place', () => {
  expect(isSame({ key: 'KeyS', alt: true }, { key: 's', alt: true })).toBe(true)
  expect(isSame({ key: 'Digit1', mod: true }, { key: '1', mod: true })).toBe(true)
  expect(isSame({ key: '1', mod: true }, { key: '1' })).toBe(false)
})

test('changed keys are there again, and what makes no sense is left out', () => {
  const storage = pageStorage()
  expect(readShortcuts(storage)).toEqual({})
  const changed: ChangedShortcuts = { 'area.chat': { key: 'F8', shift: true }, 'model.switch': null }
  keepShortcuts(storage, changed)
  expect(readShortcuts(storage)).toEqual(changed)
  for (const text of ['nonsense', '[]', '7', 'null']) expect(readShortcuts({ getItem: () => text })).toEqual({})
  expect(readShortcuts({ getItem: () => '{"a.b":{"key":7},"c.d":{"key":"F8"}}' })).toEqual({ 'c.d': { key: 'F8' } })
})

import { expect, test } from 'vitest'
import { keepAppearance, readAppearance } from '../../../renderer/keptAppearance.ts'
import { type Appearance, resized, usualAppearance } from '../../../renderer/state/appearance.ts'
import { pageStorage, refusingStorage } from '../../support/pageStorage.ts'

test('what was chosen is there again', () => {
  const page = pageStorage()
  expect(readAppearance(page)).toEqual(usualAppearance)
  const chosen: Appearance = { theme: 'dark', language: 'de', fontSize: 'largest', direction: 'rtl', contrast: 'more' }
  keepAppearance(page, chosen)
  expect(readAppearance(page)).toEqual(chosen)
})

test('the theme that an earlier version kept counts until there is more', () => {
  const page = pageStorage()
  page.setItem('hearth.theme', 'dark')
  expect(readAppearance(page)).toEqual({ ...usualAppearance, theme: 'dark' })
  keepAppearance(page, usualAppearance)
  expect(readAppearance(page)).toEqual(usualAppearance)
})

test('a storage that holds something else, or refuses, means the usual', () => {
  for (const text of ['purple', '{}', '[]', 'null', '{"theme":"purple","language":"tlh"}'])
    expect(readAppearance({ getItem: () => text }), text).toEqual(usualAppearance)
  expect(readAppearance({ getItem: () => '{"theme":"dark","fontSize":7}' })).toEqual({
    ...usualAppearance,
    theme: 'dark',
  })
  expect(readAppearance(refusingStorage)).toEqual(usualAppearance)
  expect(() => keepAppearance(refusingStorage, usualAppearance)).not.toThrow()
})

test('letters grow and shrink step by step, to an end', () => {
  expect(resized('usual', 1)).toBe('large')
  expect(resized('usual', -1)).toBe('small')
  expect(resized('largest', 1)).toBe('largest')
  expect(resized('small', -1)).toBe('small')
})

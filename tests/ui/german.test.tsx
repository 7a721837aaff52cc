// The window in German: every area and page, and nothing on them that is a sentence of the English catalogue or the name of a key.
import { act, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Bridge } from '../../renderer/ipc.ts'
import type { ModelsPage, SettingsPage } from '../../renderer/state/navigation.ts'
import { de } from '../../renderer/words/de/index.ts'
import { en } from '../../renderer/words/en/index.ts'
import { answered } from '../support/management.ts'
import { family, ownChat } from '../support/models.ts'
import { readyShell, violations } from '../support/shell.tsx'

type Words = { readonly [key: string]: string | Words }

const sentencesOf = (words: Words): readonly string[] =>
  Object.values(words).flatMap((value) => (typeof value === 'string' ? [value] : sentencesOf(value)))

/** Of models, in every language. */
const kinds = ['base', 'instruct', 'chat']
/** Of English alone, without values, and long enough to be told from a name. */
const german = new Set(sentencesOf(de as Words))
const english = new Set(
  sentencesOf(en).filter(
    (text) => !german.has(text) && !kinds.includes(text) && !text.includes('{{') && /\p{L}{3}/u.test(text),
  ),
)

/** All texts that are seen, read or spoken. Catalogue data, names and main's own words are English in every language. */
function seen(): readonly string[] {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found: string[] = []
  while (texts.nextNode()) found.push(texts.currentNode.textContent?.trim() ?? '')
  for (const element of document.querySelectorAll('*'))
    for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext'])
      found.push(element.getAttribute(name) ?? '')
  return found.filter((text) => text !== '')
}

const wrong = () => [
  ...new Set(seen().filter((text) => english.has(text) || /^[a-z]+(\.[\w-]+)+$/.test(text) || text.includes('{{'))),
]

async function germanShell(answers: Partial<Bridge> = {}) {
  const parts = await readyShell({ models: [...family, ownChat], answers })
  act(() => parts.app.appearance.setState({ language: 'de' }))
  await vi.waitFor(() => expect(document.documentElement.lang).toBe('de'))
  return parts
}

const modelsPages = ['browse', 'installed', 'downloads', 'hardware'] as const satisfies readonly ModelsPage[]
const settingsPages = [
  'general',
  'appearance',
  'shortcuts',
  'hub',
  'storage',
  'network',
] as const satisfies readonly SettingsPage[]

test('the chat, the lists and the dialogs say nothing in English', async () => {
  const { app, user } = await germanShell()
  expect(screen.getByRole('navigation', { name: 'Bereiche' })).toBeTruthy()
  expect(wrong()).toEqual([])
  await user.keyboard('{F1}')
  expect(screen.getByRole('heading', { name: 'Tastenkürzel' })).toBeTruthy()
  expect(wrong()).toEqual([])
  act(() => app.navigation.closeShortcuts())
  act(() => app.navigation.openSwitcher())
  expect(screen.getByPlaceholderText('Zu einem installierten Modell wechseln …')).toBeTruthy()
  expect(wrong()).toEqual([])
})

test.each(modelsPages)('Modelle, %s: nothing is English', async (page) => {
  const { app } = await germanShell()
  act(() => app.navigation.showModels(page))
  await vi.waitFor(() => expect(screen.queryByText('Wird erfragt …')).toBe(null))
  expect(wrong()).toEqual([])
  expect(await violations()).toEqual([])
})

test.each(settingsPages)('Optionen, %s: nothing is English', async (page) => {
  const { app } = await germanShell()
  act(() => app.navigation.showSettings(page))
  await vi.waitFor(() => expect(screen.queryByText('Wird erfragt …')).toBe(null))
  expect(wrong()).toEqual([])
})

test('a report of an import is German, whatever was left out', async () => {
  const result = {
    chats: 1,
    messages: 3,
    skipped: [
      { kind: 'chat', chat: { title: 'Bienen', place: 2 }, reason: 'no-text' },
      { kind: 'messages', chat: { title: '', place: 4 }, count: 2 },
      { kind: 'file', reason: 'newer' },
    ],
  } as const
  const { user } = await germanShell({ 'chats.import': () => answered(result) })
  await user.click(screen.getByRole('button', { name: 'Chats importieren' }))
  expect(await screen.findByText('1 Chat mit 3 Nachrichten übernommen.')).toBeTruthy()
  expect(screen.getByText('„Bienen“ enthält keinen Text.')).toBeTruthy()
  expect(screen.getByText('2 Nachrichten aus Unterhaltung 4 ließen sich nicht lesen.')).toBeTruthy()
  expect(screen.getByText('Die Datei stammt von einem neueren Hearth; dieses kann sie nicht lesen.')).toBeTruthy()
  expect(wrong()).toEqual([])
})

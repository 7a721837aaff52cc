// The window in German: every area and page, and nothing on them that is a sentence of the English catalogue or the name of a key.
import { act, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Bridge } from '../../renderer/ipc.ts'
import type { ModelsPage, SettingsPage } from '../../renderer/state/navigation.ts'
import { de } from '../../renderer/words/de/index.ts'
import { en } from '../../renderer/words/en/index.ts'
import { factsIn } from '../../renderer/words/facts.ts'
import { inspectionReport } from '../support/inspectionReport.ts'
import { answered } from '../support/management.ts'
import { family, ownChat } from '../support/models.ts'
import { readyShell, violations } from '../support/shell.tsx'

type Words = { readonly [key: string]: string | Words }

const sentencesOf = (words: Words): readonly string[] =>
  Object.values(words).flatMap((value) => (typeof value === 'string' ? [value] : sentencesOf(value)))

/** Of models, in every language. */
const kinds = ['base', 'instruct', 'chat']
/** What the catalogue says, where German has other words for it. */
const englishFacts = Object.entries(factsIn.de).flatMap(([said, translated]) =>
  said === translated || !/\p{L}{3}/u.test(said) || kinds.includes(said) ? [] : [said],
)
/** Of English alone, without values, and long enough to be told from a name. */
const german = new Set(sentencesOf(de as Words))
const english = new Set(
  sentencesOf(en).filter(
    (text) => !german.has(text) && !kinds.includes(text) && !text.includes('{{') && /\p{L}{3}/u.test(text),
  ),
)

/** All texts that are seen, read or spoken. Names are the same in every language. */
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

/** Facts are shown as parts of sentences, with a capital letter or without. */
const wrongFacts = () => {
  const all = seen().join('\n').toLowerCase()
  return englishFacts.filter((fact) => fact.length > 9 && all.includes(fact.toLowerCase()))
}

test.each([
  ['alpaca', null],
  ['zephyr', 'zephyr-7b-beta'],
  ['koala', null],
])('what is known of %s is German', async (id, variant) => {
  const { app, catalogue } = await germanShell()
  act(() => app.navigation.showModels('browse'))
  act(() => catalogue.open({ kind: 'family', id, variant }))
  expect(await screen.findByText(/^Wie es gelernt hat/)).toBeTruthy()
  expect(wrong()).toEqual([])
  expect(wrongFacts()).toEqual([])
})

test('what a name says is German, the word that is not known too', async () => {
  const { app, catalogue } = await germanShell()
  act(() => app.navigation.showModels('browse'))
  act(() => catalogue.open({ kind: 'names', name: 'llama2-zephyr-7b-8k-orca-gobbledygook-v2' }))
  expect(await screen.findByText('Kein Wort, das Hearth kennt')).toBeTruthy()
  expect(screen.getByText(/^LLaMA-2 und Zephyr 7B haben keine Größe derselben Form/)).toBeTruthy()
  expect(wrong()).toEqual([])
  expect(wrongFacts()).toEqual([])
})

test('what an inspection found is German', async () => {
  const report = inspectionReport()
  const found = { ...report.found, obstacle: 'There is only a GGUF file.', otherForm: 'gguf' } as const
  const { app, catalogue } = await germanShell({ 'catalog.inspect': () => answered({ ...report, found }) })
  act(() => app.navigation.showModels('browse'))
  await act(() => catalogue.inspectRepository('a/tiny'))
  expect(await screen.findByText(/^Es gibt nur eine GGUF-Datei/)).toBeTruthy()
  expect(screen.getByText(/Die Chat-Vorlage, die es mitbringt, ist von dieser Art\.$/)).toBeTruthy()
  expect(wrong()).toEqual([])
})

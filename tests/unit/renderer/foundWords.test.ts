// What is found out about models and requests by code that speaks to nobody: in the window it is worded, in both languages, whatever it is.
import { afterEach, expect, test } from 'vitest'
import { purposeOf } from '../../../electron/services/network/purpose.ts'
import { obstacleText, reasonText } from '../../../renderer/views/models/inspectWords.ts'
import { meaningText } from '../../../renderer/views/models/meaningText.ts'
import { purposeText } from '../../../renderer/views/network/purposeText.ts'
import { speak } from '../../../renderer/words/words.ts'
import { decodeName } from '../../../shared/catalog/nameDecoder.ts'
import { type OtherForm, otherFormSentences } from '../../../shared/inspect/otherForm.ts'
import type { PromptReason } from '../../../shared/prompts/promptReason.ts'

afterEach(() => speak('en'))

const reasons: readonly PromptReason[] = [
  { kind: 'asked' },
  { kind: 'base-model', repository: 'a/b', carriesTemplate: true },
  { kind: 'base-model', repository: 'a/b', carriesTemplate: false },
  { kind: 'tuned', repository: 'a/b' },
  { kind: 'carries-template' },
  { kind: 'carries-unknown-template' },
  { kind: 'nothing', hasMarkers: false },
  { kind: 'nothing', hasMarkers: true },
  { kind: 'configuration', conversation: 'llama-3' },
]
const forms = Object.keys(otherFormSentences) as readonly OtherForm[]

test('in English an obstacle reads as on the command line', () => {
  for (const form of forms)
    expect(obstacleText({ obstacle: otherFormSentences[form], otherForm: form })).toBe(otherFormSentences[form])
  expect(obstacleText({ obstacle: 'config.json: not found', otherForm: null })).toBe('config.json: not found')
})

test('no reason and no obstacle is the same in German, and each is a sentence of its own', () => {
  const all = () => [
    ...reasons.map(reasonText),
    ...forms.map((form) => obstacleText({ obstacle: otherFormSentences[form], otherForm: form })),
  ]
  const english = all()
  speak('de')
  const german = all()
  expect(german.filter((sentence) => english.includes(sentence))).toEqual([])
  expect(new Set(german).size).toBe(german.length)
  for (const sentence of [...english, ...german]) expect(sentence).toMatch(/^(\p{Lu}|a\/b).*\.$/u)
  expect(reasonText({ kind: 'tuned', repository: 'a/b' })).toBe('a/b wurde dafür angepasst.')
})

test('words of a name are explained with their numbers', () => {
  const meanings = () => decodeName('llama2-8x1.5b-1b7-32k-v0.1-q').words.map(({ meaning }) => meaningText(meaning))
  expect(meanings().slice(1)).toEqual([
    '8 experts of 1.5 billion parameters',
    '1.7 billion parameters',
    'Reads 32 thousand tokens',
    'A release: even its base may differ from other releases',
    'Not a word that Hearth knows',
  ])
  speak('de')
  expect(meanings()).toEqual([
    'Llama 2 von Meta (2023-07, Community-Lizenz, kommerziell unter 700 Millionen Nutzern)',
    '8 Experten zu je 1,5 Milliarden Parameter',
    '1,7 Milliarden Parameter',
    'Liest 32 Tausend Tokens',
    'Eine Ausgabe: Schon das Basismodell kann sich von anderen Ausgaben unterscheiden',
    'Kein Wort, das Hearth kennt',
  ])
})

test('the purpose of every request is said, however old its line in the ledger', () => {
  const hub = { origin: 'https://hub.example', base: 'https://hub.example' }
  const purposes = [
    '/api/models/a/b/tree/c0',
    '/api/models/a/b/revision/main',
    '/a/b/resolve/c0/list%20of/what%20x%20is%20of%20y.bin',
    '/api/models?search=x%20of%20a/b',
    '/x',
  ].map((path) => purposeOf(`${hub.origin}${path}`, hub))
  const all = [...purposes, purposeOf('https://cdn.example/x', hub)]
  expect(all.map(purposeText)).toEqual(all)
  speak('de')
  expect(all.map(purposeText)).toEqual([
    'Dateiliste von a/b',
    'was a/b ist',
    'list of/what x is of y.bin aus a/b',
    'Suche nach "x of a/b"',
    'eine Frage an den Hub',
    'Inhalt einer Datei',
  ])
  expect(purposeText('something else')).toBe('something else')
})

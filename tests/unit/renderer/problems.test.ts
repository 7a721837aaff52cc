// Every error that the app can show: its sentences in each language, and the list of them in docs/errors.md (`npx vitest -u` writes it anew).
import { afterEach, expect, test } from 'vitest'
import { InferenceError } from '../../../renderer/inference/inferenceError.ts'
import { RequestFailed } from '../../../renderer/ipc.ts'
import { failureLine, failureText, problemText } from '../../../renderer/views/problems/problemText.ts'
import type { NextStep } from '../../../renderer/views/problems/registry.ts'
import { speak } from '../../../renderer/words/words.ts'
import { languageNames } from '../../../shared/language.ts'
import { allProblems, problemSamples } from '../../support/problems.ts'

afterEach(() => speak('en'))

test.each(languageNames)(
  'in %s every problem has a title and a next step in sentences, with all their values',
  (language) => {
    speak(language)
    for (const problem of allProblems) {
      const { title, advice } = problemText(problem)
      expect(title, problem.code).toMatch(/^[A-ZÄÖÜh].*[^.]$/)
      expect(advice, problem.code).toMatch(/\.$/)
      expect(`${title} ${advice}`, problem.code).not.toMatch(/problems\.|\{\{|undefined|null|NaN/)
    }
  },
)

test.each(languageNames)('in %s no two kinds of problem say the same, but those that nobody expected', (language) => {
  speak(language)
  const mistakes = ['invalid-input', 'not-allowed', 'internal', 'unknown']
  const kinds = Object.values(problemSamples).filter(([sample]) => !mistakes.includes(sample?.code ?? ''))
  const said = kinds.map(([sample]) => sample && problemText(sample))
  expect(new Set(said.map((text) => text?.title)).size).toBe(kinds.length)
  expect(new Set(said.map((text) => text?.advice)).size).toBe(kinds.length)
})

test('no German sentence is the English one', () => {
  const sentences = () => allProblems.flatMap((problem) => [problemText(problem).title, problemText(problem).advice])
  const english = sentences()
  speak('de')
  expect(sentences().filter((sentence) => english.includes(sentence))).toEqual([])
})

/** English in every language, and often of the system. */
const machinesWords = 'wrong number of turnips'

test('beneath it nothing stands in English but the machine’s own words', () => {
  const details = () =>
    allProblems.map((problem) =>
      problemText('detail' in problem ? { ...problem, detail: machinesWords } : problem).detail.replace(
        machinesWords,
        '',
      ),
    )
  const english = details()
  speak('de')
  // What is the same in both languages are names of files, repositories and hosts.
  const same = details().filter((detail) => english.includes(detail) && / \p{L}/u.test(detail))
  expect(same).toEqual([])
})

test('numbers are in the sentences, with units, as the language writes them', () => {
  const full = { code: 'disk-full', needBytes: 5_000_000_000, freeBytes: 1_000_000_000 } as const
  expect(problemText(full).advice).toContain('5.0 GB are needed and 1.0 GB are free')
  expect(problemText({ code: 'rate-limited', retryAfterSeconds: 90 }).advice).toContain('1 min 30 s')
  speak('de')
  expect(problemText(full).advice).toContain('5,0 GB werden gebraucht, 1,0 GB sind frei')
})

test('an expected failure is explained by its problem, anything else as a mistake of Hearth', () => {
  const problem = { code: 'switched-off', host: 'huggingface.co' } as const
  const expected = new RequestFailed({ code: 'failed', message: 'off', problem })
  expect(failureText(expected)).toEqual(problemText(problem))
  expect(failureText(new Error('boom'))).toMatchObject({ title: 'Something went wrong inside Hearth', detail: 'boom' })
  const refused = new RequestFailed({ code: 'not-allowed', message: 'not there yet' })
  expect(failureText(refused)).toMatchObject({ title: 'Something went wrong inside Hearth', detail: 'not there yet' })
})

test('one line says it too, of a request and of the engine, in the language in use', () => {
  const problem = { code: 'wrong-bytes', file: 'x.bin', expected: 'a', actual: 'b' } as const
  const failed = new RequestFailed({ code: 'failed', message: 'x', problem })
  expect(failureLine(failed)).toBe('A file is not what it should be (x.bin: expected a, got b)')
  speak('de')
  expect(failureLine(failed)).toBe('Eine Datei ist nicht, was sie sein soll (x.bin: erwartet a, bekommen b)')
  const full = new InferenceError({ code: 'context-full', promptTokens: 9, limitTokens: 8 })
  expect(failureLine(full)).toBe(problemText(full.problem).title)
})

const buttons: Readonly<Record<NextStep, string>> = {
  'try-again': 'Try again',
  settings: 'Open settings',
  'hub-page': 'Open the page (in a browser)',
  'free-space': 'Show installed models',
  repair: 'Repair',
  'choose-model': 'Switch model',
  none: '-',
}

test('docs/errors.md lists every error with its sentences and its button', async () => {
  const rows = allProblems.map((problem) => {
    const { title, advice, step } = problemText(problem)
    return `| \`${problem.code}\` | ${title} | ${advice} | ${buttons[step]} |`
  })
  const text = [
    '# Errors',
    '',
    'Every error that the window can show, with example values. Made from `renderer/views/problems/registry.ts` by',
    '`tests/unit/renderer/problems.test.ts`. Beneath each stands what else is known; the machine’s own words are English.',
    '',
    '| code | what happened | what to do | button |',
    '| --- | --- | --- | --- |',
    ...new Set(rows),
    '',
  ].join('\n')
  await expect(text).toMatchFileSnapshot('../../../docs/errors.md')
})

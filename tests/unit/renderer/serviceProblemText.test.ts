import { expect, test } from 'vitest'
import { RequestFailed } from '../../../renderer/ipc.ts'
import { failureText, serviceProblemText } from '../../../renderer/views/serviceProblemText.ts'
import { problemSentence, type ServiceProblem } from '../../../shared/problems.ts'

const problems: readonly ServiceProblem[] = [
  { code: 'bad-name', name: '../x', detail: 'no' },
  { code: 'missing', what: 'repository', name: 'a/b' },
  { code: 'gated', name: 'a/b', withToken: true },
  { code: 'gated', name: 'a/b', withToken: false },
  { code: 'disabled', name: 'a/b' },
  { code: 'token-refused', name: 'a/b' },
  { code: 'rate-limited', retryAfterSeconds: null },
  { code: 'rate-limited', retryAfterSeconds: 30 },
  { code: 'link-expired', name: 'f' },
  { code: 'offline', host: 'huggingface.co', detail: 'reset' },
  { code: 'server', host: 'huggingface.co', status: 503 },
  { code: 'changed', name: 'f', detail: 'size' },
  { code: 'unexpected', host: 'huggingface.co', detail: 'html' },
  { code: 'switched-off', host: 'huggingface.co' },
  { code: 'wrong-bytes', file: 'f', expected: 'a', actual: 'b' },
  { code: 'disk-full', needBytes: 5_000_000_000, freeBytes: 1_000_000_000 },
  { code: 'store-in-use', detail: 'pid 1' },
  { code: 'store-unusable', detail: 'read-only' },
  { code: 'not-installed', name: 'a/b' },
  { code: 'does-not-compile', file: 'config.json', detail: 'model_type' },
  { code: 'already-installed', name: 'a/b' },
  { code: 'stopped-itself', detail: 'memory' },
  { code: 'chats-read-only', detail: 'a newer version of Hearth made it' },
  { code: 'chats-unusable', detail: 'read-only' },
  { code: 'chats-damaged', detail: 'page 7' },
  { code: 'chats-in-use', detail: 'pid 1' },
  { code: 'chats-gone', what: 'chat' },
  { code: 'chats-conflict', detail: 'it has 7 characters' },
  { code: 'no-chats-in-file', file: 'x.json', detail: 'no JSON' },
  { code: 'not-saved', detail: 'EACCES' },
]

test('every problem has a title, a next step in a sentence and the machine’s own words', () => {
  for (const problem of problems) {
    const { title, advice, detail, step } = serviceProblemText(problem)
    expect(title, problem.code).toMatch(/^[A-Zh].*[^.]$/)
    expect(advice, problem.code).toMatch(/\.$/)
    expect(detail).toBe(problemSentence(problem))
    expect(step).toBeTypeOf('string')
  }
})

test('no two kinds of problem say the same', () => {
  const advices = problems.map((problem) => serviceProblemText(problem).advice)
  expect(new Set(advices).size).toBe(advices.length)
})

test('numbers are in the sentences, with units', () => {
  const full = serviceProblemText({ code: 'disk-full', needBytes: 5_000_000_000, freeBytes: 1_000_000_000 })
  expect(full.advice).toContain('5.0 GB are needed and 1.0 GB are free')
  expect(serviceProblemText({ code: 'rate-limited', retryAfterSeconds: 90 }).advice).toContain('1 min 30 s')
})

test('an expected failure is explained by its problem, anything else as a bug', () => {
  const problem = { code: 'switched-off', host: 'huggingface.co' } as const
  const expected = new RequestFailed({ code: 'failed', message: 'off', problem })
  expect(failureText(expected)).toEqual(serviceProblemText(problem))
  expect(failureText(new Error('boom'))).toMatchObject({ title: 'Something went wrong inside Hearth', detail: 'boom' })
})

// The protocol between the command line and the app, with a small program in the app's place that speaks it.
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { UsageError } from '../../../electron/launch/arguments.ts'
import { printReports, readPrompt, requestArgument } from '../../../electron/launch/run.ts'
import { modeOf } from '../../../electron/runMode.ts'
import type { RunRequest } from '../../../shared/ipc.ts'

const request: RunRequest = { modelId: 'a/b', prompt: 'Once', maxTokens: 8, temperature: 0, topP: 1, seed: 7 }
const stats = '{"promptTokens":5,"completionTokens":2,"timeToFirstTokenMs":120.4,"decodeTokensPerSecond":41.25}'
const never = new AbortController().signal

test('text is written as it comes, notices and figures are said, and a finished run exits with 0', async () => {
  const result = await play(`
    console.log('[0101] Chromium says something')
    report({ kind: 'notice', text: 'no GPU' })
    report({ kind: 'text', text: ' there' })
    report({ kind: 'text', text: ' was' })
    report({ kind: 'done', stats: ${stats} })`)
  expect(result).toEqual({
    code: 0,
    written: [' there', ' was', '\n'],
    said: ['no GPU', '5 prompt tokens, 2 tokens, 41.3 tokens/s, first after 120 ms, seed 7'],
  })
})

test('a run that fails exits with 1, says why, and keeps the text so far', async () => {
  const result = await play(`
    report({ kind: 'text', text: 'Once\\n' })
    report({ kind: 'failed', message: 'the device was lost' })
    process.exitCode = 1`)
  expect(result).toEqual({ code: 1, written: ['Once\n'], said: ['the device was lost'] })
})

test('an app that dies is an error with its last words, not an empty text', async () => {
  const died = play(`console.error('first'); console.error('no display'); process.exit(3)`)
  await expect(died).rejects.toThrow('the app ended before the text did (exit code 3): no display')
})

test('an app that cannot be started is an error', async () => {
  const app = spawn('/does/not/exist', { stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = printReports(app, app.stdout, app.stderr, null, { write: async () => true, say: () => {} }, never)
  await expect(printed).rejects.toThrow(/ENOENT/)
})

test('an interrupt ends the app and the run', async () => {
  const interrupt = new AbortController()
  const stopped = play(
    `report({ kind: 'text', text: 'endless' }); setInterval(() => {}, 1000)`,
    async () => {
      interrupt.abort()
      return true
    },
    interrupt.signal,
  )
  await expect(stopped).rejects.toThrow(/abort/i)
})

test('a reader that goes away ends the app, and that is no failure', async () => {
  const result = await play(
    `report({ kind: 'text', text: 'a' }); report({ kind: 'text', text: 'b' }); setInterval(() => {}, 1000)`,
    async () => false,
  )
  expect(result).toMatchObject({ code: 0, said: [] })
})

test('the app reads the request that the command line wrote, whatever its prompt holds', () => {
  const prompt = 'quotes " and \' and \n lines, 日本語, \u0000, 👩‍👩‍👧, --no-sandbox'
  const argument = requestArgument({ ...request, prompt })
  expect(argument).toMatch(/^--hearth-run=[A-Za-z0-9_-]+$/)
  expect(modeOf(['electron', '.', argument])).toEqual({ kind: 'run', request: { ...request, prompt } })
})

test('a prompt too long for a command line is refused before anything starts', () => {
  expect(() => requestArgument({ ...request, prompt: 'word '.repeat(40_000) })).toThrow(/longer than a command line/)
})

test.each([
  ['Once\n', 'Once'],
  ['Once\r\n', 'Once'],
  ['Once', 'Once'],
  ['Once\n\n', 'Once\n'],
  ['\n Once ', '\n Once '],
])('of standard input %j the prompt is %j', async (input, prompt) => {
  expect(await readPrompt(Readable.from([Buffer.from(input)]))).toBe(prompt)
})

test.each(['', '\n'])('standard input %j is no prompt', async (input) => {
  await expect(readPrompt(Readable.from([Buffer.from(input)]))).rejects.toThrow(UsageError)
})

/** Runs a script in the app's place; `report` in it prints a report as the app does. Resolves to what a person would see. */
async function play(script: string, write: (text: string) => Promise<boolean> = async () => true, signal = never) {
  const report = `const report = (value) => console.log('\\u001eHEARTH ' + JSON.stringify(value));`
  const app = spawn(process.execPath, ['-e', report + script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const written: string[] = []
  const said: string[] = []
  const terminal = {
    write: async (text: string) => {
      written.push(text)
      return write(text)
    },
    say: (line: string) => void said.push(line),
  }
  try {
    return { code: await printReports(app, app.stdout, app.stderr, request, terminal, signal), written, said }
  } finally {
    if (app.exitCode === null && app.signalCode === null) await new Promise((resolve) => app.once('exit', resolve))
  }
}

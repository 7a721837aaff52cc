import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createProgress, progressLine } from '../../../electron/launch/progress.ts'
import { createTerminal, withoutControls } from '../../../electron/launch/terminal.ts'
import { joined, summary } from '../../../electron/launch/testSummary.ts'

const escapeCharacter = '\u001b'

test('a terminal never gets control characters from a model', () => {
  const text = `a${escapeCharacter}]0;title\u0007b\u009b2Jc\r\u202ed\n\te é 日本 👩‍👩‍👧`
  expect(withoutControls(text)).toBe('a]0;titleb2Jcd\n\te é 日本 👩‍👩‍👧')
})

test('a file gets the text as it is', async () => {
  const output = new PassThrough()
  const terminal = createTerminal(output, new PassThrough())
  await terminal.write(`a${escapeCharacter}b`)
  expect(output.read().toString()).toBe(`a${escapeCharacter}b`)
})

test('an error of several lines is said in one', () => {
  const errors = new PassThrough()
  createTerminal(new PassThrough(), errors).say(`first\n   second${escapeCharacter}[2J\n\n`)
  expect(errors.read().toString()).toBe('hearth: first; second[2J\n')
})

test('a closed output is noticed', async () => {
  const output = new PassThrough()
  const terminal = createTerminal(output, new PassThrough())
  expect(await terminal.write('a')).toBe(true)
  output.destroy(new Error('EPIPE'))
  expect(await terminal.write('b')).toBe(false)
})

test('progress in a log is a line per tenth', () => {
  const said: string[] = []
  const progress = createProgress({ say: (line) => said.push(line), redraw: null })
  for (let doneBytes = 0; doneBytes <= 1000; doneBytes++)
    progress.report({ step: doneBytes < 500 ? 'inputs' : 'weights', doneBytes, totalBytes: 1000 })
  progress.end()
  expect(said).toHaveLength(11)
  expect(said.at(0)).toBe('reading 0 %')
  expect(said.at(-1)).toBe('weights 100 %')
})

test('progress on a terminal is a bar with share and speed', () => {
  const line = progressLine({ step: 'weights', doneBytes: 50_000_000, totalBytes: 100_000_000 }, 500)
  expect(line).toBe(`${'█'.repeat(15)}${'░'.repeat(15)}  50 %  weights    100 MB/s`)
})

test('the summary of a test run shows each tier, and why one was skipped', () => {
  const text = summary([
    { tier: 'types', outcome: 'passed', elapsedMs: 1234 },
    { tier: 'unit', outcome: 'passed', passed: 12, failed: 0, skipped: 1, elapsedMs: 9876 },
    { tier: 'half', outcome: 'skipped', reason: 'no lavapipe', elapsedMs: 3 },
    { tier: 'app', outcome: 'not run' },
  ])
  expect(text).toBe(
    [
      '',
      'tier   outcome     time  tests',
      'types  passed     1.2 s',
      'unit   passed     9.9 s  12 passed, 1 skipped',
      'half   skipped    0.0 s  no lavapipe',
      'app    not run',
      '',
    ].join('\n'),
  )
})

test('a tier in parts passed where all parts did, and has the tests of all', () => {
  const part = { outcome: 'passed', passed: 64, failed: 0, skipped: 1 } as const
  expect(joined([part, part])).toEqual({ outcome: 'passed', passed: 128, failed: 0, skipped: 2 })
  // One that ended before it could count.
  expect(joined([part, { outcome: 'failed' }])).toEqual({ outcome: 'failed', passed: 64, failed: 0, skipped: 1 })
})

// The rehearsal: only a checkout plays one, at the speed that was asked for, until it is stopped.
import { describe, expect, test } from 'vitest'
import { rehearsalOf } from '../../../electron/rehearsal.ts'
import { createRehearsal } from '../../../renderer/inference/rehearsal.ts'
import { installed } from '../../support/models.ts'

describe('the switch', () => {
  test('is nothing without it, a speed with it, and refused in a package', () => {
    expect(rehearsalOf(['electron', '.'], true)).toEqual({ kind: 'none' })
    expect(rehearsalOf(['electron', '.', '--hearth-rehearsal=200'], false)).toEqual({
      kind: 'asked',
      tokensPerSecond: 200,
    })
    expect(rehearsalOf(['hearth', '--hearth-rehearsal=200'], true).kind).toBe('refused')
  })

  test.each(['', '0', '-3', 'fast', '1e9'])('does not take “%s”', (value) => {
    expect(rehearsalOf([`--hearth-rehearsal=${value}`], false).kind).toBe('refused')
  })
})

/** A clock that moves when somebody waits. */
function rehearse(tokensPerSecond: number) {
  let now = 0
  const engine = createRehearsal({
    tokensPerSecond,
    tokens: ['a', 'b', 'c'],
    nowMs: () => now,
    wait: async (ms) => {
      now += ms
    },
  })
  return { engine, nowMs: () => now }
}

const sampling = { temperature: 1, topP: 1, maxTokens: 400, seed: 1 }
const watcher = { adapter: () => {}, progress: () => {}, lost: () => {} }

test('it plays its text from the beginning again, at the speed asked for', async () => {
  const { engine, nowMs } = rehearse(200)
  const { signal } = new AbortController()
  await engine.load(installed('chat'), watcher, signal)
  let text = ''
  for await (const event of engine.generate({ kind: 'completion', text: '' }, sampling, signal)) {
    if (event.kind === 'delta') text += event.text
    if (event.kind === 'done') expect(event).toMatchObject({ finish: 'length', stats: { completionTokens: 400 } })
  }
  expect(text).toBe(`${'abc'.repeat(133)}a`)
  expect(nowMs()).toBeGreaterThanOrEqual(2000)
  expect(nowMs()).toBeLessThan(2020)
})

test('it stops within a token', async () => {
  const { engine } = rehearse(200)
  const stop = new AbortController()
  let written = 0
  for await (const event of engine.generate({ kind: 'completion', text: '' }, sampling, stop.signal)) {
    if (event.kind === 'delta') {
      written += 1
      if (written === 3) stop.abort()
    }
    if (event.kind === 'done') expect(event.finish).toBe('stopped')
  }
  expect(written).toBe(3)
})

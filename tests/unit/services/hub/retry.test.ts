import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HubError, type HubProblem } from '../../../../electron/services/hub/problem.ts'
import { retryDelayMs, withRetries } from '../../../../electron/services/hub/retry.ts'

const { signal } = new AbortController()
const offline: HubProblem = { code: 'offline', host: 'hub', detail: 'ECONNRESET' }

async function play(problems: readonly (HubProblem | null)[], tries: number, random = () => 0) {
  const slept: number[] = []
  const left: number[] = []
  let calls = 0
  const action = async () => {
    const problem = problems[calls++] ?? null
    if (problem !== null) throw new HubError(problem)
    return calls
  }
  const retries = {
    tries,
    random,
    sleep: async (delayMs: number) => void slept.push(delayMs),
    onWait: ({ triesLeft }: { readonly triesLeft: number }) => left.push(triesLeft),
  }
  const outcome = await withRetries(action, retries, signal).catch((error: unknown) => error)
  return { outcome, calls, slept, left }
}

test('a connection that comes back is waited for, each time twice as long', async () => {
  expect(await play([offline, offline, offline, null], 5)).toEqual({
    outcome: 4,
    calls: 4,
    slept: [1000, 2000, 4000],
    left: [4, 3, 2],
  })
})

test('after the last try the last error is the answer', async () => {
  const { outcome, calls, slept } = await play([offline, offline, { ...offline, detail: 'last' }, null], 3)
  expect([calls, slept]).toEqual([3, [1000, 2000]])
  expect(outcome).toMatchObject({ problem: { detail: 'last' } })
})

test('what a person has to settle is not tried again', async () => {
  const lasting: readonly HubProblem[] = [
    { code: 'missing', what: 'repository', name: 'a/b' },
    { code: 'gated', name: 'a/b', withToken: true },
    { code: 'token-refused', name: 'a/b' },
    { code: 'changed', name: 'a/b', detail: '' },
    { code: 'server', host: 'hub', status: 501 },
  ]
  for (const problem of lasting) expect((await play([problem], 5)).calls).toBe(1)
})

test('a rate limit is waited for as long as the Hub asks, a new link is asked for at once', async () => {
  const limited = (retryAfterSeconds: number | null): HubProblem => ({ code: 'rate-limited', retryAfterSeconds })
  expect((await play([limited(42), null], 5)).slept).toEqual([42_000])
  expect((await play([limited(null), null], 5)).slept).toEqual([1000])
  expect((await play([{ code: 'link-expired', name: 'f' }, null], 5)).slept).toEqual([0])
})

test('a wait grows, stays below a minute and a half, and is spread by chance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (done, chance) => {
      const delayMs = retryDelayMs(offline, done, chance) ?? Number.NaN
      expect(delayMs).toBeGreaterThanOrEqual(Math.min(1000 * 2 ** (done - 1), 60_000))
      expect(delayMs).toBeLessThanOrEqual(90_000)
    }),
  )
})

test('errors of the program pass through, and an abort ends the waiting', async () => {
  const retries = { tries: 5, random: () => 0, sleep: async () => {} }
  await expect(withRetries(() => Promise.reject(new TypeError('bug')), retries, signal)).rejects.toThrow(TypeError)
  const controller = new AbortController()
  const sleep = async (_delayMs: number, own: AbortSignal) => {
    controller.abort(new Error('enough'))
    own.throwIfAborted()
  }
  const waiting = withRetries(() => Promise.reject(new HubError(offline)), { ...retries, sleep }, controller.signal)
  await expect(waiting).rejects.toThrow('enough')
})

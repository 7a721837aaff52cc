// What a job waits for, and how long.
import { expect, test } from 'vitest'
import { passes, untilToldMs, waitMs } from '../../../../electron/services/jobs/waits.ts'
import type { HubProblem } from '../../../../shared/problems.ts'

const server = (status: number): HubProblem => ({ code: 'server', host: 'hub', status })
const offline = (detail: string): HubProblem => ({ code: 'offline', host: 'hub', detail })
const expired: HubProblem = { code: 'link-expired', name: 'a/b' }

test('a server in trouble, a lost connection and too many requests are waited for', () => {
  for (const problem of [server(503), server(500), offline('ECONNRESET'), expired])
    expect(passes(problem), problem.code).toBe(true)
  expect(passes({ code: 'rate-limited', retryAfterSeconds: 3 })).toBe(true)
})

test('what stays as it is fails the job: certificates that are refused, a server that cannot do it, a missing file', () => {
  for (const problem of [offline('CERT_HAS_EXPIRED'), server(501)]) expect(passes(problem), problem.code).toBe(false)
  expect(passes({ code: 'missing', what: 'file', name: 'a/b' })).toBe(false)
  expect(passes({ code: 'gated', name: 'a/b', withToken: false })).toBe(false)
})

test('whatever is waited for again and again is waited for longer, up to about a minute or two', () => {
  for (const problem of [server(503), offline('ENOTFOUND'), expired]) {
    const waits = [1, 2, 3, 4, 20].map((failures) => waitMs(problem, failures, 0))
    expect(waits, problem.code).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits[1]).toBeGreaterThan(0)
    expect(waits.at(-1)).toBeLessThanOrEqual(120_000)
  }
})

test('the switch is waited for until somebody turns it', () => {
  const problem: HubProblem = { code: 'switched-off', host: 'hub' }
  expect([passes(problem), waitMs(problem, 1, 0)]).toEqual([true, untilToldMs])
})

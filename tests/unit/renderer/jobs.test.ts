// The queue as the window holds it, over a plain object in place of main.
import { expect, test, vi } from 'vitest'
import { type Bridge, client, listener } from '../../../renderer/ipc.ts'
import { createJobs, summaryOf } from '../../../renderer/state/jobs.ts'
import type { Job } from '../../../shared/jobs.ts'
import { fakeBridge } from '../../support/fakeBridge.ts'
import { answered, fakeEvents, jobOf, jobs as known } from '../../support/management.ts'

function jobsOn(answers: Partial<Bridge>) {
  const events = fakeEvents()
  const stop = new AbortController()
  const jobs = createJobs({
    call: client(fakeBridge(null, [], answers)),
    listen: listener(events.bridge),
  })
  return { jobs, events, stop }
}

const refused = async () => ({ ok: false as const, error: { code: 'not-allowed' as const, message: 'not there yet' } })

test('the state is asked for first, so that a window opened again loses nothing', async () => {
  const { jobs, stop } = jobsOn({ 'jobs.list': () => answered([known.running, known.done]) })
  await jobs.start(stop.signal)
  expect(jobs.store.getState()).toMatchObject({
    jobs: [known.running, known.done],
    list: { kind: 'known' },
    ended: null,
  })
})

test('an answer that an event has overtaken is dropped', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly Job[]>()
  const { jobs, events, stop } = jobsOn({ 'jobs.list': async () => ({ ok: true, value: await promise }) })
  const started = jobs.start(stop.signal)
  events.emit('jobs.changed', [known.queued])
  resolve([])
  await started
  expect(jobs.store.getState().jobs).toEqual([known.queued])
})

test('events end with the signal', async () => {
  const { jobs, events, stop } = jobsOn({ 'jobs.list': () => answered([]) })
  await jobs.start(stop.signal)
  expect(events.listeners()).toBe(1)
  stop.abort()
  expect(events.listeners()).toBe(0)
})

test('an end is told once, and a percentage never', async () => {
  const { jobs, events, stop } = jobsOn({ 'jobs.list': () => answered([known.running, known.failed]) })
  await jobs.start(stop.signal)
  const ended = vi.fn()
  jobs.store.subscribe(({ ended: now }, before) => {
    if (now !== before.ended) ended(now?.number, now?.job.state)
  })
  events.emit('jobs.changed', [{ ...known.running, doneBytes: 5e9 }, known.failed])
  events.emit('jobs.changed', [{ ...known.running, state: 'done' }, known.failed])
  events.emit('jobs.changed', [{ ...known.running, state: 'done' }, known.failed])
  events.emit('jobs.changed', [
    { ...known.running, state: 'done' },
    { ...known.failed, state: 'running' },
  ])
  events.emit('jobs.changed', [{ ...known.running, state: 'done' }, known.failed])
  expect(ended.mock.calls).toEqual([
    [1, 'done'],
    [2, 'failed'],
  ])
})

test('what was over before the window opened is not told as news', async () => {
  const { jobs, stop } = jobsOn({ 'jobs.list': () => answered([known.done, known.failed]) })
  await jobs.start(stop.signal)
  expect(jobs.store.getState().ended).toBe(null)
})

test('a refused list can be asked for again', async () => {
  let answers = refused as Bridge['jobs.list']
  const { jobs, stop } = jobsOn({ 'jobs.list': (input) => answers(input) })
  await jobs.start(stop.signal)
  expect(jobs.store.getState().list.kind).toBe('failed')
  answers = () => answered([known.queued])
  await jobs.ask()
  expect(jobs.store.getState()).toMatchObject({ list: { kind: 'known' }, jobs: [known.queued] })
})

test('a refusal stands beside its job until the next request about it', async () => {
  const pause = vi.fn(refused as Bridge['jobs.pause'])
  const { jobs } = jobsOn({ 'jobs.pause': pause, 'jobs.resume': () => answered(null) })
  await jobs.act('jobs.pause', known.running.id)
  expect(pause).toHaveBeenCalledWith({ id: known.running.id })
  expect(jobs.store.getState().refusals).toMatchObject({ [known.running.id]: { message: 'not there yet' } })
  await jobs.act('jobs.resume', known.running.id)
  expect(jobs.store.getState().refusals).toEqual({})
})

test('clearing takes out what is done, and nothing else', async () => {
  const cancelled: string[] = []
  const { jobs, stop } = jobsOn({
    'jobs.list': () => answered(Object.values(known)),
    'jobs.cancel': ({ id }) => {
      cancelled.push(id)
      return answered(null)
    },
  })
  await jobs.start(stop.signal)
  await jobs.clearDone()
  expect(cancelled).toEqual([known.done.id])
})

test('the summary counts what is open and adds up the sizes that are known', () => {
  const half = jobOf({ id: 'a', doneBytes: 50, totalBytes: 100 })
  const quarter = jobOf({ id: 'b', doneBytes: 25, totalBytes: 100, state: 'waiting' })
  expect(summaryOf([half, quarter, known.queued, known.failed, known.done])).toEqual({
    open: 3,
    failed: 1,
    fraction: 0.375,
  })
  expect(summaryOf([known.queued])).toEqual({ open: 1, failed: 0, fraction: null })
  expect(summaryOf([])).toEqual({ open: 0, failed: 0, fraction: null })
})

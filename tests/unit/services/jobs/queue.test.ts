// The queue by itself, with work that does what the test says and a clock that stands still.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import type { Job } from '../../../../shared/jobs.ts'
import { settled } from '../../../support/fakeClock.ts'
import { install, memory, move, openRig, plan, states, verify } from '../../../support/queueRig.ts'

const { signal } = new AbortController()

test('installations run one at a time in their order, a check beside them, and moving the folder alone', async () => {
  const { queue, running, started } = openRig(memory())
  const [first, second] = [queue.add(install(), 'first'), queue.add(install(), 'second')]
  const check = queue.add(verify, 'check')
  const moving = queue.add(move, 'moving')
  const behind = queue.add(verify, 'behind')
  expect(states(queue)).toEqual([
    'first running',
    'second waiting',
    'check running',
    'moving waiting',
    'behind waiting',
  ])
  started(first).finish('key')
  await settled()
  started(check).finish()
  await settled()
  expect(running.map(({ job }) => job.id)).toEqual([second])
  started(second).finish()
  await settled()
  expect(running.map(({ job }) => job.id)).toEqual([moving])
  started(moving).finish()
  await settled()
  started(behind).finish()
  await settled()
  expect(new Set(queue.list().map(({ state }) => state))).toEqual(new Set(['done']))
  expect(await queue.finished(first, signal)).toMatchObject({ state: 'done', modelKey: 'key' })
})

test('a paused job keeps its plan, waits for the person, and goes on behind nobody', async () => {
  const { queue, started } = openRig(memory())
  const [first, second] = [queue.add(install(), 'first'), queue.add(install(), 'second')]
  started(first).job.keep(plan)
  await queue.pause(first)
  expect(states(queue)).toEqual(['a/b paused', 'second running'])
  await queue.resume(first)
  expect(states(queue)).toEqual(['a/b waiting', 'second running'])
  started(second).finish()
  await settled()
  expect(started(first).job.plan).toEqual(plan)
})

test('a cancelled job is gone once its work has ended, and what it leaves is freed with the others in mind', async () => {
  const { queue, forgotten, started } = openRig(memory())
  const [first, second] = [queue.add(install(), 'first'), queue.add(install(), 'second')]
  started(first).job.keep(plan)
  await queue.pause(first)
  await queue.resume(first)
  const waiting = expect(queue.finished(second, signal)).rejects.toThrow('it was cancelled')
  await queue.cancel(second)
  await waiting
  expect(forgotten).toEqual([{ id: second, others: [plan] }])
  expect(states(queue)).toEqual(['a/b running'])
})

test('a failure is kept with its problem, and resuming tries again', async () => {
  const { queue, started } = openRig(memory())
  const id = queue.add(install(), 'first')
  const problem = { code: 'disk-full', needBytes: 2, freeBytes: 1 } as const
  started(id).fail(new ServiceError(problem))
  await expect(queue.finished(id, signal)).rejects.toMatchObject({ problem })
  expect(queue.list()[0]).toMatchObject({ state: 'failed', problem })
  await queue.resume(id)
  expect(queue.list()[0]).toMatchObject({ state: 'running', problem: null })
  started(id).fail(new TypeError('a bug'))
  await expect(queue.finished(id, signal)).rejects.toMatchObject({
    problem: { code: 'stopped-itself', detail: 'a bug' },
  })
})

test('what was running goes on after the process was killed; what was paused stays so; what was being cancelled goes', async () => {
  const database = memory()
  const before = openRig(database, { installsAtOnce: 3, forget: () => new Promise(() => {}) })
  const [first, second, third] = ['first', 'second', 'third'].map((title) => before.queue.add(install(), title))
  before.started(first ?? '').job.keep(plan)
  await before.queue.pause(second ?? '')
  void before.queue.cancel(third ?? '')
  // Nothing is told to stop: the process is simply not there any more.
  const after = openRig(database)
  expect(states(after.queue)).toEqual(['a/b waiting', 'second paused'])
  await settled()
  expect(states(after.queue)).toEqual(['a/b running', 'second paused'])
  expect(after.started(first ?? '').job.plan).toEqual(plan)
  expect(after.forgotten).toEqual([{ id: third, others: [plan] }])
})

test('a job that is closed with the app goes on at the next start', async () => {
  const database = memory()
  const before = openRig(database)
  before.queue.add(install(), 'first')
  await before.queue[Symbol.asyncDispose]()
  expect(before.running).toEqual([])
  const after = openRig(database)
  await settled()
  expect(states(after.queue)).toEqual(['first running'])
})

test('a problem that passes is waited for in sight, longer each time', async () => {
  const { queue, clock, started } = openRig(memory())
  const id = queue.add(install(), 'first')
  const { job, signal: abort, finish } = started(id)
  const offline = { code: 'offline', host: 'hub.test', detail: 'ECONNREFUSED' } as const
  let tries = 0
  const work = job.patiently(async () => {
    tries++
    if (tries < 4) throw new HubError(offline)
    return 'there'
  }, abort)
  await settled()
  const waits: number[] = []
  for (const [next = null] = [queue.list()[0]?.waiting]; tries < 4; ) {
    const waiting = queue.list()[0]?.waiting ?? next
    expect(waiting?.problem).toEqual(offline)
    const delayMs = (waiting?.untilMs ?? 0) - clock.now()
    waits.push(delayMs)
    await clock.pass(delayMs)
  }
  expect(waits).toEqual([1000, 2000, 4000])
  expect(await work).toBe('there')
  expect(queue.list()[0]).toMatchObject({ state: 'running', waiting: null })
  finish()
})

test('with a bound on tries the last failure is the job’s', async () => {
  const { queue, clock, started } = openRig(memory(), { tries: 2 })
  const id = queue.add(install(), 'first')
  const { job, signal: abort, fail } = started(id)
  const problem = { code: 'offline', host: 'hub.test', detail: 'ECONNREFUSED' } as const
  job.patiently(() => Promise.reject(new HubError(problem)), abort).catch(fail)
  await settled()
  await clock.pass(1000)
  await expect(queue.finished(id, signal)).rejects.toMatchObject({ problem })
})

test('turning the network on again ends every wait of a job that waits for two things at once', async () => {
  const rig = openRig(memory())
  const { queue } = rig
  const id = queue.add(install(), 'a/b')
  const { job, signal: abort } = rig.started(id)
  let isOff = true
  const ask = async () => {
    if (isOff) throw new HubError({ code: 'switched-off', host: 'hub.test' })
    return 'answered'
  }
  const both = [job.patiently(ask, abort), job.patiently(ask, abort)]
  await settled()
  isOff = false
  queue.networkChanged()
  expect(await Promise.all(both)).toEqual(['answered', 'answered'])
})

test('turning the network on again ends the wait of a job that was switched off; pausing ends it too', async () => {
  const { queue, started } = openRig(memory())
  const id = queue.add(install(), 'first')
  let isOff = true
  const asking = async () => {
    if (isOff) throw new HubError({ code: 'switched-off', host: 'hub.test' })
    return 'there'
  }
  const { job, signal: abort } = started(id)
  const work = job.patiently(asking, abort)
  await settled()
  expect(queue.list()[0]?.waiting).toMatchObject({ problem: { code: 'switched-off' } })
  isOff = false
  queue.networkChanged()
  expect(await work).toBe('there')
  isOff = true
  const paused = expect(job.patiently(asking, abort)).rejects.toThrow('told to pause')
  await settled()
  await queue.pause(id)
  await paused
})

test('whoever watches hears of changes at most four times a second, and of the last one', async () => {
  const { queue, clock, started } = openRig(memory())
  const seen: (readonly Job[])[] = []
  const watching = new AbortController()
  queue.watch((jobs) => seen.push(jobs), watching.signal)
  const id = queue.add(install(), 'first')
  const { job } = started(id)
  job.report({ stage: 'downloading', totalBytes: 1_000_000 })
  for (let step = 1; step <= 1000; step++) {
    job.moved(step * 1000)
    if (step % 10 === 0) await clock.pass(10)
  }
  await clock.pass(250)
  // One second of changes.
  expect(seen.length).toBeLessThanOrEqual(6)
  expect(seen.length).toBeGreaterThanOrEqual(4)
  expect(seen.at(-1)?.[0]).toMatchObject({ doneBytes: 1_000_000, totalBytes: 1_000_000, remainingMs: 0 })
  // A hundred kilobytes in a tenth of a second.
  expect(seen.at(-1)?.[0]?.speedBytesPerSecond).toBeGreaterThan(700_000)
  watching.abort()
  const heard = seen.length
  job.moved(1)
  await clock.pass(1000)
  expect(seen.length).toBe(heard)
})

/** What the queue is for, as plainly as it can be said: a list, and who of it runs. */
type Model = { readonly id: string; state: 'waiting' | 'running' | 'paused' | 'failed' | 'done' }[]

test('whatever is asked in whatever order, the queue keeps its order, runs one installation and loses none', async () => {
  const action = fc.record({
    what: fc.constantFrom(
      'add',
      'pause',
      'resume',
      'cancel',
      'up',
      'down',
      'first',
      'last',
      'finish',
      'fail',
      'restart',
    ),
    which: fc.nat(9),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
      const database = memory()
      let { queue, started } = openRig(database)
      let model: Model = []
      const schedule = () => {
        if (model.some(({ state }) => state === 'running')) return
        const next = model.find(({ state }) => state === 'waiting')
        if (next !== undefined) next.state = 'running'
      }
      for (const { what, which } of actions) {
        const at = which % Math.max(1, model.length)
        const one = model[at]
        const running = model.find(({ state }) => state === 'running')
        if (what === 'add') model.push({ id: queue.add(install(), `${which}`), state: 'waiting' })
        else if (what === 'restart') {
          await queue[Symbol.asyncDispose]()
          ;({ queue, started } = openRig(database))
          if (running !== undefined) running.state = 'waiting'
        } else if (what === 'finish' || what === 'fail') {
          if (running === undefined) continue
          running.state = what === 'finish' ? 'done' : 'failed'
          if (what === 'finish') started(running.id).finish()
          else started(running.id).fail(new Error('no'))
        } else if (one === undefined) continue
        else if (what === 'pause') {
          if (one.state === 'waiting' || one.state === 'running') one.state = 'paused'
          await queue.pause(one.id)
        } else if (what === 'resume') {
          if (one.state === 'paused' || one.state === 'failed') one.state = 'waiting'
          await queue.resume(one.id)
        } else if (what === 'cancel') {
          model = model.filter((other) => other !== one)
          await queue.cancel(one.id)
        } else {
          await queue.move({ id: one.id, to: what })
          if (one.state !== 'done') {
            const open = model.filter(({ state }) => state !== 'done')
            const from = open.indexOf(one)
            const others = open.filter((other) => other !== one)
            const to = { up: Math.max(0, from - 1), down: from + 1, first: 0, last: others.length }[what]
            others.splice(to, 0, one)
            model = [...model.filter(({ state }) => state === 'done'), ...others]
          } else {
            const open = model.filter(({ state }) => state !== 'done')
            model = [...model.filter(({ state }) => state === 'done'), ...open]
          }
        }
        schedule()
        await settled()
        expect(queue.list().map(({ id, state }) => ({ id, state }))).toEqual(model)
      }
      database.close()
    }),
    { numRuns: 60, seed: 20_260_101 },
  )
})

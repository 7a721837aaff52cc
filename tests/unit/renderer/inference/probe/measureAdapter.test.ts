// The page's side of a probe, over a worker that is a plain object.
import { expect, test } from 'vitest'
import { InferenceError } from '../../../../../renderer/inference/inferenceError.ts'
import { countFor } from '../../../../../renderer/inference/probe/dispatches.ts'
import { measureAdapter, type ProbeWorker } from '../../../../../renderer/inference/probe/measureAdapter.ts'
import type { ProbeEvent } from '../../../../../renderer/inference/probe/worker.ts'
import { probeOf } from '../../../fit/reports.ts'

const { signal } = new AbortController()

function startedWorker() {
  const worker: ProbeWorker & { ended: number } = {
    onmessage: null,
    onerror: null,
    ended: 0,
    terminate: () => {
      worker.ended++
    },
  }
  const emit = (data: ProbeEvent) => worker.onmessage?.({ data } as MessageEvent<ProbeEvent>)
  return { worker, emit }
}

test('a probe arrives, and its worker ends', async () => {
  const { worker, emit } = startedWorker()
  const measuring = measureAdapter(signal, () => worker)
  emit({ kind: 'probe', probe: probeOf({}) })
  expect(await measuring).toEqual(probeOf({}))
  expect(worker.ended).toBe(1)
})

test('a problem, a crash and giving up end the worker too', async () => {
  const failed = startedWorker()
  const failing = measureAdapter(signal, () => failed.worker)
  failed.emit({ kind: 'failed', problem: { code: 'no-adapter', detail: 'null' } })
  await expect(failing).rejects.toThrow(new InferenceError({ code: 'no-adapter', detail: 'null' }))

  const crashed = startedWorker()
  const crashing = measureAdapter(signal, () => crashed.worker)
  crashed.worker.onerror?.({ message: 'out of memory' } as ErrorEvent)
  await expect(crashing).rejects.toThrow('out of memory')

  const given = startedWorker()
  const abort = new AbortController()
  const giving = measureAdapter(abort.signal, () => given.worker)
  abort.abort(new Error('enough'))
  await expect(giving).rejects.toThrow('enough')

  expect([failed, crashed, given].map(({ worker }) => worker.ended)).toEqual([1, 1, 1])
})

test('nothing is started for who has given up before', async () => {
  const start = () => {
    throw new Error('a worker was started')
  }
  await expect(measureAdapter(AbortSignal.abort(new Error('enough')), start)).rejects.toThrow('enough')
})

test.for([
  { onceMs: 5, count: 10 },
  { onceMs: 0, count: 500 },
  { onceMs: 400, count: 1 },
])('a dispatch of $onceMs ms is repeated $count times in a submission of 50 ms', async ({ onceMs, count }) => {
  const times = [1000, onceMs]
  expect(await countFor({ time: async () => times.shift() ?? 0 }, 50, 500)).toBe(count)
})

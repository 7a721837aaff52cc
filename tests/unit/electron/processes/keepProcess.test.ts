// A request whose process ends is asked of the next one, where it may be; the rest is told of models/start.test.ts.
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Wire } from '../../../../electron/ipc/remote.ts'
import { type ForkedProcess, keepProcess } from '../../../../electron/processes/keepProcess.ts'
import { request } from '../../../../shared/ipc.ts'

const requests = { put: request<string>()(z.string()), take: request<string>()(z.string()) } as const

/** Processes that answer with their number, or end when they are asked. */
function rig(endings: number) {
  let started = 0
  const kept = keepProcess<typeof requests>({
    fork: (): ForkedProcess => {
      const number = ++started
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      let tell: (message: unknown) => void = () => {}
      const wire: Wire = {
        post: (message) => {
          const { id } = message as { readonly id: number }
          if (number <= endings) resolve('code 9')
          else queueMicrotask(() => tell({ kind: 'reply', id, reply: { ok: true, value: `process ${number}` } }))
        },
        receive: (listener) => {
          tell = listener
        },
      }
      return { wire, ended, end: () => resolve('ended') }
    },
    prepare: async () => {},
    mayRepeat: (channel) => channel === 'put',
    announce: () => {},
    report: () => {},
    now: () => 0,
  })
  return { kept, started: () => started }
}

test('what may be repeated is asked of the next process', async () => {
  const { kept, started } = rig(1)
  expect(await kept.call('put', 'x')).toBe('process 2')
  expect(started()).toBe(2)
})

test('once', async () => {
  const { kept } = rig(2)
  await expect(kept.call('put', 'x')).rejects.toMatchObject({ error: { code: 'internal' } })
  expect(await kept.call('put', 'x')).toBe('process 3')
})

test('what may not be repeated fails', async () => {
  const { kept } = rig(1)
  await expect(kept.call('take', 'x')).rejects.toMatchObject({ error: { code: 'internal' } })
  expect(await kept.call('take', 'x')).toBe('process 2')
})

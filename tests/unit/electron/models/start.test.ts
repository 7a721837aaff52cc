// Main's side of the models process, with processes that are objects of the test.
import { expect, test } from 'vitest'
import { processPort, type Wire } from '../../../../electron/ipc/remote.ts'
import { serve } from '../../../../electron/ipc/serve.ts'
import { processRequests } from '../../../../electron/models/contract.ts'
import { startModelsProcess } from '../../../../electron/models/start.ts'
import type { ForkedProcess } from '../../../../electron/processes/keepProcess.ts'
import type { NetworkConfiguration } from '../../../../electron/services/network/configuration.ts'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import type { HandlersOf } from '../../../../shared/ipc.ts'
import { settled } from '../../../support/fakeClock.ts'

type ProcessHandlers = HandlersOf<typeof processRequests>

const configuration: NetworkConfiguration = {
  offline: false,
  hubEndpoint: 'https://hub.test',
  token: null,
  proxies: { http: null, https: null, except: '' },
  connections: 1,
  speedLimitBytesPerSecond: null,
}

/** Two ends of one wire; messages arrive later, in order. */
function wirePair(): readonly [Wire, Wire] {
  const listeners: [(message: unknown) => void, (message: unknown) => void] = [() => {}, () => {}]
  const end = (own: 0 | 1, other: 0 | 1): Wire => ({
    post: (message) => setImmediate(() => listeners[other](structuredClone(message))),
    receive: (listener) => {
      listeners[own] = listener
    },
  })
  return [end(0, 1), end(1, 0)]
}

/** Starts processes that answer with what `answers` says, and counts them. */
function rig(answers: Partial<ProcessHandlers>) {
  const processes: { die(): void; isEnded: boolean; readonly asked: string[] }[] = []
  const reports: string[] = []
  let nowMs = 0
  const models = startModelsProcess({
    fork: (): ForkedProcess => {
      const [main, child] = wirePair()
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      const one = {
        asked: [] as string[],
        isEnded: false,
        die: () => {
          one.isEnded = true
          resolve('code 9')
        },
      }
      const usual = new Proxy(answers as ProcessHandlers, {
        get: (target, channel: keyof ProcessHandlers) => (input: never, signal: AbortSignal) => {
          one.asked.push(channel)
          const answer = target[channel] as ((input: never, signal: AbortSignal) => Promise<unknown>) | undefined
          return answer?.(input, signal) ?? Promise.resolve(null)
        },
      })
      serve(processPort(child).port, processRequests, usual, () => {})
      processes.push(one)
      return { wire: main, ended, end: one.die }
    },
    configuration: async () => configuration,
    announce: () => {},
    report: (reason) => reports.push(reason),
    now: () => nowMs,
  })
  return {
    models,
    processes,
    reports,
    pass: (milliseconds: number) => {
      nowMs += milliseconds
    },
  }
}

test('the first thing a process hears is its configuration, and whoever asks waits for that', async () => {
  const { models, processes } = rig({ 'jobs.list': async () => [] })
  expect(await models.call('jobs.list', undefined)).toEqual([])
  expect(processes[0]?.asked).toEqual(['process.configure', 'jobs.list'])
})

test('what a process was asked fails when it ends; the next request finds another one', async () => {
  const { models, processes, reports } = rig({
    'models.records': () => new Promise(() => {}),
    'jobs.list': async () => [],
  })
  const asking = expect(models.call('models.records', undefined)).rejects.toMatchObject({ error: { code: 'internal' } })
  await settled()
  await settled()
  processes[0]?.die()
  await asking
  expect(await models.call('jobs.list', undefined)).toEqual([])
  expect(processes.length).toBe(2)
  expect(reports).toEqual(['code 9'])
})

test('a process that ends again and again is left alone until somebody asks a minute later', async () => {
  const { models, processes, pass } = rig({ 'jobs.list': async () => [] })
  for (let end = 0; end < 4; end++) {
    processes.at(-1)?.die()
    await settled()
  }
  expect(processes.length).toBe(4)
  await expect(models.call('jobs.list', undefined)).rejects.toMatchObject({
    error: { message: expect.stringContaining('again and again') },
  })
  expect(processes.length).toBe(4)
  pass(60_000)
  expect(await models.call('jobs.list', undefined)).toEqual([])
  expect(processes.length).toBe(5)
})

test('a models folder that cannot be opened is the answer to each request, and each tries to open it again', async () => {
  const problem = { code: 'store-in-use', detail: 'another Hearth' } as const
  let isInUse = true
  const { models } = rig({
    'process.configure': async () => {
      if (isInUse) throw new ServiceError(problem)
      return null
    },
    'jobs.list': async () => [],
  })
  await expect(models.call('jobs.list', undefined)).rejects.toMatchObject({ error: { code: 'failed', problem } })
  isInUse = false
  expect(await models.call('jobs.list', undefined)).toEqual([])
})

test('a setting is kept though the folder cannot be opened, and stopping starts nothing new', async () => {
  const { models, processes } = rig({
    'process.configure': () => Promise.reject(new ServiceError({ code: 'store-in-use', detail: '' })),
  })
  await models.configure({ ...configuration, offline: true })
  models.stop()
  await settled()
  expect(processes.map(({ isEnded }) => isEnded)).toEqual([true])
  await expect(models.call('jobs.list', undefined)).rejects.toMatchObject({ error: { code: 'internal' } })
})

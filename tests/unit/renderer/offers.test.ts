// What is offered when a model cannot run, and how a device without memory is recognised.
import { describe, expect, test, vi } from 'vitest'
import { watchOutOfMemory } from '../../../renderer/inference/outOfMemory.ts'
import type { Problem } from '../../../renderer/inference/protocol.ts'
import { offersFor } from '../../../renderer/state/offers.ts'
import { memoryOfLoaded } from '../../../shared/fit/load.ts'
import type { Machine } from '../../../shared/fit/verdict.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import { chatDesk } from '../../support/chatDesk.ts'
import { family, installed, manifestOf } from '../../support/models.ts'

interface Size {
  readonly key: string
  readonly family?: string
  readonly variant?: Variant
  readonly weightsBytes: number
  readonly contextTokens?: number
}

/** 1000 bytes of cache for a token. */
function sized({
  key,
  family: name = 'Big',
  variant = 'chat',
  weightsBytes,
  contextTokens = 4096,
}: Size): InstalledModel {
  const library = {
    cacheBytes: contextTokens * 1000,
    workingBytes: 0,
    cacheBytesPerToken: 1000,
    largestBufferBytes: 0,
    readBytesPerToken: weightsBytes,
  }
  const manifest = {
    ...manifestOf(variant),
    id: `test/${key}`,
    title: key,
    family: name,
    parameters: weightsBytes,
    contextTokens,
    memory: { weightsBytes, cacheBytes: contextTokens * 1000, workingBytes: 0 },
    needs: { portable: library, half: library, software: library },
  }
  return { key: key.padEnd(64, '0'), bundled: false, manifest }
}

const machine: Machine = {
  target: 'half',
  memoryBytes: 10e6,
  largestBufferBytes: Number.POSITIVE_INFINITY,
  bandwidthBytesPerSecond: null,
}
const large = sized({ key: 'large', weightsBytes: 8e6 })
const small = sized({ key: 'small', weightsBytes: 3e6 })
const smallBase = sized({ key: 'small-base', variant: 'base', weightsBytes: 4e6 })
const stranger = sized({ key: 'stranger', family: 'Other', weightsBytes: 5e6 })
const huge = sized({ key: 'huge', weightsBytes: 80e6 })
const all = [huge, large, smallBase, stranger, small]
const seen = (problem: Problem, models = all, on: Machine | null = machine) =>
  offersFor(large, problem, models, on).map(({ kind, model }) => [
    kind,
    model.manifest.title,
    model.manifest.contextTokens,
  ])

describe('offers', () => {
  test('a model that does not fit: the context that does, the nearest of its family, the largest of the others', () => {
    const problem = {
      code: 'does-not-fit',
      what: 'memory',
      needBytes: 12_096_000,
      haveBytes: 10e6,
      contextTokens: 1792,
    } as const
    expect(seen(problem)).toEqual([
      ['shorter-context', 'large', 1792],
      ['family-member', 'small', 4096],
      ['other-model', 'stranger', 4096],
    ])
  })

  test('without memory: half of the context where that is enough less, and what takes less', () => {
    const problem = { code: 'out-of-memory', needBytes: 12_096_000, detail: '' } as const
    const [shorter, ...others] = offersFor(large, problem, all, machine)
    expect(shorter).toMatchObject({ kind: 'shorter-context', model: { manifest: { contextTokens: 1024 } } })
    expect(shorter?.memoryBytes).toBe(8e6 + 1024 * 1000)
    expect(shorter?.memoryBytes).toBeLessThan(memoryOfLoaded(large.manifest, 'half') * 0.8)
    expect(others.map(({ model }) => model.manifest.title)).toEqual(['small', 'stranger'])
  })

  test('a buffer that is too large, or numbers that are none: another model, no shorter context', () => {
    const buffer = {
      code: 'does-not-fit',
      what: 'buffer',
      needBytes: 9e9,
      haveBytes: 2e9,
      contextTokens: null,
    } as const
    expect(seen(buffer).map(([kind]) => kind)).toEqual(['family-member', 'other-model'])
    expect(seen({ code: 'not-a-number', detail: '' }).map(([kind]) => kind)).toEqual(['family-member', 'other-model'])
  })

  test('a model that does not say what a token takes keeps its context', () => {
    const { needs: _needs, ...manifest } = large.manifest
    const offers = offersFor({ ...large, manifest }, { code: 'device-lost', detail: '' }, [small], machine)
    expect(offers.map(({ kind }) => kind)).toEqual(['family-member'])
  })

  test('what another model would not mend has no offer, and neither has a lone model', () => {
    for (const code of ['load-failed', 'no-adapter', 'write-failed', 'no-webgpu'] as const)
      expect(seen({ code, detail: '' })).toEqual([])
    expect(seen({ code: 'not-a-number', detail: '' }, [large])).toEqual([])
  })

  test('before the machine is known, what the problem says counts', () => {
    const problem = {
      code: 'does-not-fit',
      what: 'memory',
      needBytes: 12_096_000,
      haveBytes: 7.2e6,
      contextTokens: null,
    } as const
    expect(seen(problem, all, null)).toEqual([['family-member', 'small', 4096]])
  })
})

test('to try again without memory frees what other models hold', async () => {
  const { app, engine } = await chatDesk()
  const release = vi.spyOn(engine, 'release')
  engine.loadProblem = { code: 'out-of-memory', needBytes: 1, detail: '' }
  await app.select(installed('chat'))
  expect(app.models.getState().status).toMatchObject({ kind: 'failed', problem: { code: 'out-of-memory' } })
  engine.warm = () => [{ key: family[0]?.key ?? '', memoryBytes: 1 }]
  engine.loadProblem = null
  app.retry()
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
  expect(release).toHaveBeenCalledWith(family[0]?.key)
})

describe('a device without memory', () => {
  class GPUOutOfMemoryError {
    readonly message = 'not enough memory left'
  }
  class GPUValidationError {
    readonly message = 'a bug'
  }

  function fakeDevice(popped: unknown) {
    const events = new EventTarget()
    const device = {
      popErrorScope: async () => popped as GPUError | null,
      addEventListener: events.addEventListener.bind(events) as GPUDevice['addEventListener'],
    }
    const emit = (error: unknown) => events.dispatchEvent(Object.assign(new Event('uncapturederror'), { error }))
    return { device, emit }
  }

  test('is recognised where web-llm looks at its buffers, who still gets the error', async () => {
    const error = new GPUOutOfMemoryError()
    const { device } = fakeDevice(error)
    const said = watchOutOfMemory(device)
    expect(said()).toBeNull()
    expect(await device.popErrorScope()).toBe(error)
    expect(said()).toBe('not enough memory left')
  })

  test('is recognised where nobody caught it; other errors are not', async () => {
    const { device, emit } = fakeDevice(new GPUValidationError())
    const said = watchOutOfMemory(device)
    await device.popErrorScope()
    emit(new GPUValidationError())
    expect(said()).toBeNull()
    emit(new GPUOutOfMemoryError())
    expect(said()).toBe('not enough memory left')
  })
})

// Both ways of writing over the real engine, whose workers answer by themselves: however models are sized and whatever was loaded before, nobody is left out.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../../renderer/inference/engine.ts'
import type { WorkerRequest } from '../../../renderer/inference/protocol.ts'
import { type CompareColumn, emptyColumn } from '../../../renderer/state/compareColumn.ts'
import { type CompareRunParts, writeAtOnce, writeInTurn } from '../../../renderer/state/compareRun.ts'
import { usualChatSettings } from '../../../shared/chats/types.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { fakeAdapter, fakeWorker, sizedModel, stillWatcher } from '../../support/fakeWorker.ts'

const never = new AbortController().signal
const stats = { promptTokens: 5, completionTokens: 2, timeToFirstTokenMs: 20, decodeTokensPerSecond: 30 }

/** An engine whose models load and write by themselves; each takes as many bytes as is said here. */
function readyEngine(budgetBytes: number, measuredBytes: (key: string) => number) {
  let started = 0
  const engine = createEngine({
    startWorker: () => {
      started += 1
      const worker = fakeWorker()
      let memoryBytes = 0
      const answer = (message: WorkerRequest) => {
        if (message.kind === 'load') {
          memoryBytes = measuredBytes(message.model.key)
          worker.emit({ kind: 'adapter', adapter: fakeAdapter })
          worker.emit({ kind: 'ready', memoryBytes })
        } else if (message.kind === 'generate') {
          const { id } = message
          worker.emit({ kind: 'delta', id, text: 'word' })
          worker.emit({ kind: 'done', id, cachedTokens: 0, stats, finish: 'length', memoryBytes })
        }
      }
      worker.postMessage = (message) => queueMicrotask(() => answer(message))
      return worker
    },
    budgetBytes: () => budgetBytes,
    measured: () => {},
    nowMs: () => 0,
  })
  return { engine, started: () => started }
}

const longer = (model: InstalledModel): InstalledModel => ({
  ...model,
  manifest: { ...model.manifest, contextTokens: 2 * model.manifest.contextTokens },
})

test('whoever fits alone writes, at once or in turn, also where models are larger or smaller than was computed', async () => {
  const size = fc.integer({ min: 1, max: 100 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ saidBytes: size, surplusBytes: fc.integer({ min: -50, max: 50 }) }), {
        minLength: 5,
        maxLength: 5,
      }),
      fc.integer({ min: 50, max: 300 }),
      fc.array(fc.record({ index: fc.nat(4), isOtherwise: fc.boolean() }), { maxLength: 8 }),
      fc.uniqueArray(fc.nat(4), { minLength: 2, maxLength: 3 }),
      async (sizes, budgetBytes, before, chosen) => {
        const models = sizes.map(({ saidBytes }, index) => sizedModel('abcde'[index] ?? 'a', saidBytes))
        const bytesOf = new Map(
          models.map(({ key }, index) => {
            const { saidBytes, surplusBytes } = sizes[index] ?? { saidBytes: 1, surplusBytes: 0 }
            return [key, Math.max(1, saidBytes + surplusBytes)]
          }),
        )
        const { engine, started } = readyEngine(budgetBytes, (key) => bytesOf.get(key) ?? 0)
        for (const { index, isOtherwise } of before) {
          for (const model of models.slice(index, index + 1))
            await engine.load(isOtherwise ? longer(model) : model, stillWatcher(), never).catch(() => {})
        }
        let columns: readonly CompareColumn[] = chosen
          .flatMap((index) => models.slice(index, index + 1))
          .map((model) => emptyColumn(model, usualChatSettings, 1))
        const parts: CompareRunParts = {
          engine,
          promptFor: () => ({ kind: 'completion', text: 'Once' }),
          columns: () => columns,
          put: (index, column) => {
            columns = columns.map((old, at) => (at === index ? column : old))
          },
          enter: () => {},
        }
        const { needBytes, haveBytes } = engine.memoryTogether(columns.map(({ model }) => model))
        const startedBefore = started()
        const setback = needBytes <= haveBytes ? await writeAtOnce(parts, never) : null
        const isAtOnce = needBytes <= haveBytes && setback === null
        if (isAtOnce) expect(started() - startedBefore).toBeLessThanOrEqual(columns.length)
        else await writeInTurn(parts, false, never)
        if (setback?.kind === 'larger') expect(setback.needBytes).toBeGreaterThan(setback.haveBytes)
        const fits = ({ model }: CompareColumn) => model.manifest.memory.weightsBytes <= budgetBytes
        expect(columns.map(({ state }) => state.kind)).toEqual(
          columns.map((column) => (fits(column) ? 'done' : 'failed')),
        )
        expect(columns.map(({ others }) => others)).toEqual(columns.map(() => (isAtOnce ? columns.length - 1 : 0)))
      },
    ),
    { seed: 20_261_130, numRuns: 1000 },
  )
})

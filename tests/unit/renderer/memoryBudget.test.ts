import { expect, test, vi } from 'vitest'
import type { Call, Listen } from '../../../renderer/ipc.ts'
import { followMemoryBudget } from '../../../renderer/state/memoryBudget.ts'

function answering(chosenBytes: number | null, suitableBytes: number | null) {
  let tell: (memoryBudgetBytes: number | null) => void = () => {}
  const call = (async (channel: string) => {
    if (channel === 'settings.read') return { memoryBudgetBytes: chosenBytes }
    if (suitableBytes === null) throw new Error('nobody knows')
    return { budget: { memoryBytes: suitableBytes } }
  }) as unknown as Call
  const listen = ((_name: string, listener: (view: unknown) => void) => {
    tell = (memoryBudgetBytes) => listener({ memoryBudgetBytes })
  }) as unknown as Listen
  return {
    budget: followMemoryBudget(call, listen, new AbortController().signal),
    tell: (bytes: number | null) => tell(bytes),
  }
}

test('what the person set counts before what suits the computer, and a change at once', async () => {
  const { budget, tell } = answering(null, 8e9)
  await vi.waitFor(() => expect(budget()).toBe(8e9))
  tell(3e9)
  expect(budget()).toBe(3e9)
  tell(null)
  expect(budget()).toBe(8e9)
  const set = answering(2e9, 8e9)
  await vi.waitFor(() => expect(set.budget()).toBe(2e9))
})

test('where nobody knows what suits, nothing is refused', async () => {
  const { budget } = answering(null, null)
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(budget()).toBe(Number.POSITIVE_INFINITY)
})

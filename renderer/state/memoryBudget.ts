// How much memory loaded models may take together: what the person set, else what suits this computer.
import type { Call, Listen } from '../ipc.ts'

/** Follows the settings until the signal is aborted. Without an answer yet, or any, there is no limit: what does not fit fails to load then. */
export function followMemoryBudget(call: Call, listen: Listen, signal: AbortSignal): () => number {
  let chosenBytes: number | null = null
  let suitableBytes = Number.POSITIVE_INFINITY
  listen(
    'settings.changed',
    ({ memoryBudgetBytes }) => {
      chosenBytes = memoryBudgetBytes
    },
    { signal },
  )
  const read = async () => {
    chosenBytes = (await call('settings.read', undefined)).memoryBudgetBytes
    suitableBytes = (await call('hardware.read', undefined)).budget.memoryBytes
  }
  void read().catch(() => {})
  return () => chosenBytes ?? suitableBytes
}

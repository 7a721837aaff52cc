// One model writes one text at a time: whoever wants to write waits for the model to be ready and for the text before to end.
import type { StoreApi } from 'zustand/vanilla'
import { InferenceError } from '../../inference/inferenceError.ts'
import type { ModelsState } from '../models.ts'

export type Queue = ReturnType<typeof createQueue>

export function createQueue(models: StoreApi<ModelsState>) {
  let last: Promise<void> = Promise.resolve()
  let inside = 0

  /** Gives the function that lets the next one in. Rejects with the signal's reason, or with the problem of a model that failed to load. */
  async function take(signal: AbortSignal): Promise<() => void> {
    const before = last
    const turn = Promise.withResolvers<void>()
    last = before.then(() => turn.promise)
    inside += 1
    let isOver = false
    const leave = () => {
      if (isOver) return
      isOver = true
      inside -= 1
      turn.resolve()
    }
    try {
      if (inside > 1) await abortable(before, signal)
      await ready(models, signal)
      return leave
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    take,
    /** `take` would let in at once. */
    isFree: () => inside === 0 && models.getState().status.kind === 'ready',
  }
}

async function ready(models: StoreApi<ModelsState>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (models.getState().status.kind === 'ready') return
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = ({ status }: ModelsState) => {
    if (status.kind === 'ready') resolve()
    else if (status.kind === 'failed') reject(new InferenceError(status.problem))
  }
  const end = models.subscribe(look)
  look(models.getState())
  try {
    await abortable(promise, signal)
  } finally {
    end()
  }
}

async function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

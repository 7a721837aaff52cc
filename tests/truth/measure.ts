// Runs one compiled case through web-llm's own path (embed, prefill, decode on WebGPU) and measures how far its logits are from the expected ones.
// Runs in a page and in Node alike.
import type { ExpectedLogits } from './cases.ts'

/** web-llm's engine with one model loaded and a LogitProcessor that keeps the last logits. */
export interface ForwardEngine {
  readonly reset: () => Promise<void>
  /** Feeds ids on top of the cache and returns the logits after the last one, length vocabulary. */
  readonly forward: (ids: readonly number[], isPrefill: boolean) => Promise<Float32Array>
}

export interface Measurement {
  /** Largest absolute difference over every compared logit. */
  readonly maxAbsError: number
  readonly wrongIds: readonly WrongId[]
}

/** A greedy choice that differs. */
export interface WrongId {
  readonly text: string
  /** By how much the expected id leads in the reference. */
  readonly margin: number
}

/**
 * How the prompt is fed: at once, every prefix on its own through prefill, or piece by piece on top of the cache: pieces of one id take the decode path.
 */
export type Feeding = 'whole' | 'prefixes' | 'pieces of 1' | 'pieces of 7'

export async function measureCase(
  engine: ForwardEngine,
  expected: ExpectedLogits,
  feeding: Feeding,
): Promise<Measurement> {
  const tally = createTally()
  const prompt = expected.input_ids
  await engine.reset()
  let last: Float32Array | undefined
  for (const { start, end } of pieces(prompt.length, feeding)) {
    if (start === 0) await engine.reset()
    last = await engine.forward(prompt.slice(start, end), true)
    const full = expected.prefill.logits[expected.prefill.positions.indexOf(end - 1)]
    if (full !== undefined) tally.row(`prefill ${end - 1}`, last, full)
    for (const [id, logit] of expected.prefill.top5[end - 1] ?? []) tally.value(last[id] ?? Number.NaN, logit)
  }
  const { fed_ids, logits, next_id, margins } = expected.decode
  if (last !== undefined) tally.greedy('prefill', last, fed_ids[0] ?? -1, margins[0] ?? 0)
  for (const [step, id] of fed_ids.entries()) {
    const after = await engine.forward([id], false)
    tally.row(`decode ${step}`, after, logits[step] ?? [])
    tally.greedy(`decode ${step}`, after, fed_ids[step + 1] ?? next_id, margins[step + 1] ?? 0)
  }
  return tally.result()
}

function pieces(length: number, feeding: Feeding): readonly { readonly start: number; readonly end: number }[] {
  if (feeding === 'whole') return [{ start: 0, end: length }]
  if (feeding === 'prefixes') return Array.from({ length }, (_, index) => ({ start: 0, end: index + 1 }))
  const size = feeding === 'pieces of 1' ? 1 : 7
  return Array.from({ length: Math.ceil(length / size) }, (_, index) => ({
    start: index * size,
    end: Math.min((index + 1) * size, length),
  }))
}

function createTally() {
  let maxAbsError = 0
  const wrongIds: WrongId[] = []
  return {
    value(actual: number, wanted: number) {
      const error = Math.abs(actual - wanted)
      maxAbsError = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(maxAbsError, error)
    },
    row(name: string, actual: Float32Array, wanted: readonly number[]) {
      if (actual.length !== wanted.length)
        throw new Error(`${name}: ${actual.length} logits, expected ${wanted.length}`)
      for (const [id, logit] of wanted.entries()) this.value(actual[id] ?? Number.NaN, logit)
    },
    greedy(name: string, actual: Float32Array, wanted: number, margin: number) {
      const id = argmax(actual)
      if (id !== wanted) wrongIds.push({ text: `${name}: ${id} instead of ${wanted}`, margin })
    },
    result: (): Measurement => ({ maxAbsError, wrongIds }),
  }
}

export function argmax(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? Number.NEGATIVE_INFINITY) ? index : best), 0)
}

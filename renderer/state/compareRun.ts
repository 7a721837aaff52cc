// How the models of a comparison write: all at once when every one of them is loaded, or one after another. Memory may turn out to be short only while they
// are loaded for the first way; then it goes on the second.
import type { InstalledModel } from '../../shared/model.ts'
import type { Engine, MemoryTogether } from '../inference/engine.ts'
import type { Prompt } from '../inference/protocol.ts'
import { type CompareColumn, loadColumn, writeColumn } from './compareColumn.ts'

export type CompareStep =
  /** One after another: this column loads or writes. */
  | { readonly kind: 'turn'; readonly index: number }
  /** At once: this column loads, none writes yet. */
  | { readonly kind: 'loading'; readonly index: number }
  /** At once: all write that could be loaded. */
  | { readonly kind: 'writing' }

/** Why they write one after another although they were to write at once. */
export type Setback =
  /** Loaded, they take more than was computed. */
  | ({ readonly kind: 'larger' } & Pick<MemoryTogether, 'needBytes' | 'haveBytes'>)
  /** The graphics device had no memory left for this one beside the others. */
  | { readonly kind: 'short'; readonly title: string; readonly needBytes: number }

export interface CompareRunParts {
  readonly engine: Engine
  readonly promptFor: (model: InstalledModel) => Prompt
  readonly columns: () => readonly CompareColumn[]
  readonly put: (index: number, column: CompareColumn) => void
  readonly enter: (step: CompareStep) => void
}

/** Loads all and lets all write at once. What ends with a setback has written nothing. */
export async function writeAtOnce(parts: CompareRunParts, signal: AbortSignal): Promise<Setback | null> {
  const { engine, promptFor, columns, put, enter } = parts
  let heldBytes = 0
  for (const index of loadedFirst(engine, columns())) {
    const column = columns()[index]
    if (column === undefined) continue
    // Before the next one takes the place of one that turned out larger.
    const { needBytes, haveBytes } = memoryOf(engine, columns())
    if (needBytes > haveBytes) return setBack(parts, { kind: 'larger', needBytes, haveBytes })
    enter({ kind: 'loading', index })
    const { key, manifest } = column.model
    const now = await loadColumn(engine, column, (loading) => put(index, loading), signal)
    put(index, now)
    if (signal.aborted) return null
    if (now.state.kind === 'failed') {
      const { problem } = now.state
      if (problem.code === 'device-lost') return failAll(parts, now)
      if (problem.code !== 'out-of-memory') continue
      // Alone it may have room.
      put(index, column)
      return setBack(parts, { kind: 'short', title: manifest.title, needBytes: problem.needBytes })
    }
    // Of one that had to leave for this one the engine knows no more what it took.
    heldBytes += engine.warm().find((model) => model.key === key)?.memoryBytes ?? 0
    if (heldBytes > haveBytes) return setBack(parts, { kind: 'larger', needBytes: heldBytes, haveBytes })
  }
  const ready = columns().flatMap(({ state }, index) => (state.kind === 'loaded' ? [index] : []))
  enter({ kind: 'writing' })
  await Promise.all(
    ready.map(async (index) => {
      const column = columns()[index]
      if (column === undefined) return
      const shared = { ...column, others: ready.length - 1 }
      for await (const now of writeColumn(engine, shared, promptFor(column.model), signal)) put(index, now)
    }),
  )
  return null
}

/** Loads and asks one model after another; those that failed before are left alone. `isAlone`: with none of the others in memory. */
export async function writeInTurn(parts: CompareRunParts, isAlone: boolean, signal: AbortSignal): Promise<void> {
  const { engine, promptFor, columns, put, enter } = parts
  for (const [index, column] of columns().entries()) {
    if (signal.aborted) return
    if (column.state.kind === 'failed') continue
    enter({ kind: 'turn', index })
    for (const { key } of isAlone ? engine.warm() : []) if (key !== column.model.key) engine.release(key)
    let now = await loadColumn(engine, column, (loading) => put(index, loading), signal)
    put(index, now)
    if (now.state.kind === 'loaded') {
      for await (now of writeColumn(engine, now, promptFor(column.model), signal)) put(index, now)
    }
    // Nothing is left to go on with.
    if (now.state.kind === 'failed' && now.state.problem.code === 'device-lost') return
  }
}

/** Of those that may still write. */
function memoryOf(engine: Engine, columns: readonly CompareColumn[]): MemoryTogether {
  return engine.memoryTogether(columns.filter(({ state }) => state.kind !== 'failed').map(({ model }) => model))
}

/** In their order, but those in memory before the others: so none of them has to leave and come back. */
function loadedFirst(engine: Engine, columns: readonly CompareColumn[]): readonly number[] {
  const { loaded } = memoryOf(engine, columns)
  const isMissing = (index: number) => Number(!loaded.includes(columns[index]?.model.key ?? ''))
  return [...columns.keys()].toSorted((a, b) => isMissing(a) - isMissing(b))
}

/** Those that are loaded wait for their turn. */
function setBack({ columns, put }: CompareRunParts, setback: Setback): Setback {
  for (const [index, column] of columns().entries())
    if (column.state.kind === 'loaded') put(index, { ...column, state: { kind: 'waiting' } })
  return setback
}

/** With the device every model is gone, loaded or not. */
function failAll({ columns, put }: CompareRunParts, { state }: CompareColumn): null {
  for (const [index, column] of columns().entries())
    if (column.state.kind !== 'failed') put(index, { ...column, state })
  return null
}

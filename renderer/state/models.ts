// The installed models, the one that is loaded or loading, and the adapter it runs on.
import { createStore } from 'zustand/vanilla'
import type { InstalledModel, Variant } from '../../shared/model.ts'
import type { WarmModel } from '../inference/engine.ts'
import type { AdapterReport, LoadProgress, Problem } from '../inference/protocol.ts'

export type ModelStatus =
  | { readonly kind: 'starting' }
  | ({ readonly kind: 'loading' } & LoadProgress)
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly problem: Problem }

export interface ModelsState {
  readonly installed: readonly InstalledModel[]
  readonly selected: InstalledModel | null
  readonly status: ModelStatus
  readonly adapter: AdapterReport | null
  /** Models in memory, the one used last first: to choose one of them takes no loading. */
  readonly warm: readonly WarmModel[]
  /** Times (ms) of recent device losses, newest last. */
  readonly lossTimesMs: readonly number[]
  /** The device was lost and the model is being, or has been, loaded again: the person is told until the next run. */
  readonly recovery: 'none' | 'reloading' | 'reloaded'
  /** Of the selected model with a damaged file: whether its repair was asked for, and why it was refused. */
  readonly repair:
    | { readonly kind: 'none' }
    | { readonly kind: 'asked' }
    | { readonly kind: 'refused'; readonly error: unknown }
}

export const nothingLoaded: LoadProgress = { step: 'library', fraction: 0, doneBytes: 0, totalBytes: 0, elapsedMs: 0 }

export function createModels() {
  return createStore<ModelsState>()(() => ({
    installed: [],
    selected: null,
    status: { kind: 'starting' },
    adapter: null,
    warm: [],
    lossTimesMs: [],
    recovery: 'none',
    repair: { kind: 'none' },
  }))
}

const lossWindowMs = 5 * 60 * 1000
const lossLimit = 3

/** The losses of the last five minutes with this one, and whether loading again is still reasonable: the third loss is the last. */
export function withLoss(
  timesMs: readonly number[],
  nowMs: number,
): { timesMs: readonly number[]; mayReload: boolean } {
  const recent = [...timesMs.filter((timeMs) => nowMs - timeMs < lossWindowMs), nowMs]
  return { timesMs: recent, mayReload: recent.length < lossLimit }
}

const order: readonly Variant[] = ['base', 'instruct', 'chat']

/** Models that the window offers under one name, at most one of each variant, base first. */
export interface Family {
  readonly name: string
  readonly members: readonly InstalledModel[]
}

/** Every installed model in exactly one family, the bundled family first. Where two models claim one variant of a family, the later stands alone. */
export function familiesOf(installed: readonly InstalledModel[]): readonly Family[] {
  const families: { readonly name: string; readonly family: string; readonly members: InstalledModel[] }[] = []
  for (const model of installed.toSorted((a, b) => Number(b.bundled) - Number(a.bundled))) {
    const { family, variant, id } = model.manifest
    const named = families.filter((known) => known.family === family)
    const open = named.find(({ members }) => members.every(({ manifest }) => manifest.variant !== variant))
    if (open !== undefined) open.members.push(model)
    else families.push({ name: named.length === 0 ? family : `${family} (${id})`, family, members: [model] })
  }
  return families.map(({ name, members }) => ({
    name,
    members: members.toSorted((a, b) => order.indexOf(a.manifest.variant) - order.indexOf(b.manifest.variant)),
  }))
}

/** The family of the selected model. */
export function familyOf({ installed, selected }: ModelsState): Family | undefined {
  return familiesOf(installed).find(({ members }) => members.some(({ key }) => key === selected?.key))
}

/** What the window opens with: the bundled base model, else any base, else the first there is. */
export function firstModel(installed: readonly InstalledModel[]): InstalledModel | null {
  const isBase = (model: InstalledModel) => model.manifest.variant === 'base'
  return installed.find((model) => model.bundled && isBase(model)) ?? installed.find(isBase) ?? installed[0] ?? null
}

// What choosing an installed model would mean on this machine: whether it fits, and if not, what would.
import { type LoadProblem, loadProblem, memoryOfLoaded, speedOfLoaded } from '../../shared/fit/load.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { InstalledModel, LibraryNeeds } from '../../shared/model.ts'

/** At the start of a conversation. Before a model has run on the adapter it is only a bound. */
export interface SpeedForecast {
  readonly tokensPerSecond: number
  readonly isUpperBound: boolean
}

/** null before the adapter was measured. */
export function speedForecast({ manifest }: Pick<InstalledModel, 'manifest'>, machine: Machine): SpeedForecast | null {
  const tokensPerSecond = speedOfLoaded(manifest, machine)
  return tokensPerSecond === null ? null : { tokensPerSecond, isUpperBound: (machine.speedSamples ?? []).length === 0 }
}

export type Choice =
  /** Nothing is known of the machine yet: it is tried. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'fits'; readonly memoryBytes: number; readonly speed: SpeedForecast | null }
  | {
      readonly kind: 'refused'
      readonly problem: LoadProblem
      /** Installed models of the same kind that fit, the largest of the family first; null where there is none. */
      readonly instead: InstalledModel | null
    }

export function choiceOf(model: InstalledModel, installed: readonly InstalledModel[], machine: Machine | null): Choice {
  if (machine === null) return { kind: 'unknown' }
  const found = loadProblem(model.manifest, machine)
  // A manifest of before does not say whether its cache grows with the context.
  const problem = found !== null && model.manifest.needs === undefined ? { ...found, contextTokens: null } : found
  if (problem !== null) return { kind: 'refused', problem, instead: insteadOf(model, installed, machine) }
  return {
    kind: 'fits',
    memoryBytes: memoryOfLoaded(model.manifest, machine.target),
    speed: speedForecast(model, machine),
  }
}

function insteadOf(
  model: InstalledModel,
  installed: readonly InstalledModel[],
  machine: Machine,
): InstalledModel | null {
  const { variant, family } = model.manifest
  const fitting = installed.filter(
    (other) =>
      other.key !== model.key && other.manifest.variant === variant && loadProblem(other.manifest, machine) === null,
  )
  const related = (other: InstalledModel) => Number(other.manifest.family === family)
  return fitting.toSorted((a, b) => related(b) - related(a) || b.manifest.parameters - a.manifest.parameters)[0] ?? null
}

/** The same model with a shorter context: its cache is made for that, and texts are cut to it. It must say what each of its tokens takes. */
export function withContext(model: InstalledModel, contextTokens: number): InstalledModel {
  const { manifest } = model
  const { needs, memory } = manifest
  const sparedTokens = manifest.contextTokens - contextTokens
  if (needs === undefined || sparedTokens <= 0) return model
  const shorter = (library: LibraryNeeds): LibraryNeeds => ({
    ...library,
    cacheBytes: library.cacheBytes - sparedTokens * library.cacheBytesPerToken,
  })
  return {
    ...model,
    manifest: {
      ...manifest,
      contextTokens,
      memory: { ...memory, cacheBytes: memory.cacheBytes - sparedTokens * needs.portable.cacheBytesPerToken },
      needs: { portable: shorter(needs.portable), half: shorter(needs.half), software: shorter(needs.software) },
    },
  }
}

/** The longest context that memory allows for a model which is used with a shorter one; null where it is used with all it can hold, or with all that fits. */
export function longerContext(
  inUse: InstalledModel,
  installed: readonly InstalledModel[],
  machine: Machine | null,
): { readonly model: InstalledModel; readonly memoryBytes: number } | null {
  const whole = installed.find(({ key }) => key === inUse.key)
  if (whole === undefined || machine === null) return null
  const choice = choiceOf(whole, installed, machine)
  const tokens =
    choice.kind === 'fits'
      ? whole.manifest.contextTokens
      : choice.kind === 'refused'
        ? (choice.problem.contextTokens ?? 0)
        : 0
  if (tokens <= inUse.manifest.contextTokens) return null
  const model = withContext(whole, tokens)
  return { model, memoryBytes: memoryOfLoaded(model.manifest, machine.target) }
}

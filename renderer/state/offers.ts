// What else could be used when a model cannot run: the same with a shorter context, a smaller one of its family, another that fits.
import { loadProblem, memoryOfLoaded } from '../../shared/fit/load.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { Problem } from '../inference/protocol.ts'
import { withContext } from './switching.ts'

export interface Offer {
  readonly kind: 'shorter-context' | 'family-member' | 'other-model'
  /** Made ready to be selected. */
  readonly model: InstalledModel
  /** Memory it takes. */
  readonly memoryBytes: number
}

const contextStep = 256
const leastContextTokens = 512

/** The most like the model first; nothing for problems that another model or context would have as well. `machine`: null before it was asked. */
export function offersFor(
  model: InstalledModel,
  problem: Problem,
  installed: readonly InstalledModel[],
  machine: Machine | null,
): readonly Offer[] {
  const target = machine?.target ?? 'portable'
  const ownBytes = memoryOfLoaded(model.manifest, target)
  const room = roomFor(problem, ownBytes)
  if (room === null) return []
  const fits = (other: InstalledModel) =>
    memoryOfLoaded(other.manifest, target) <= room.bytes &&
    (machine === null || loadProblem(other.manifest, machine) === null)
  const offer = (kind: Offer['kind'], one: InstalledModel): Offer => ({
    kind,
    model: one,
    memoryBytes: memoryOfLoaded(one.manifest, target),
  })
  const shorter = room.isMemory ? shorterContext(model, problem, fits) : null
  const others = installed
    .filter((other) => other.key !== model.key && fits(other))
    .toSorted((a, b) => likeness(b, model) - likeness(a, model) || b.manifest.parameters - a.manifest.parameters)
  const isMember = (other: InstalledModel) => other.manifest.family === model.manifest.family
  const member = others.find(isMember)
  const other = others.find((one) => !isMember(one))
  return [
    ...(shorter === null ? [] : [offer('shorter-context', shorter)]),
    ...(member === undefined ? [] : [offer('family-member', member)]),
    ...(other === undefined ? [] : [offer('other-model', other)]),
  ]
}

interface Room {
  /** That what is offered may take. */
  readonly bytes: number
  /** Less memory is what would help. */
  readonly isMemory: boolean
}

function roomFor(problem: Problem, ownBytes: number): Room | null {
  switch (problem.code) {
    case 'does-not-fit':
      return problem.what === 'memory'
        ? { bytes: problem.haveBytes, isMemory: true }
        : { bytes: ownBytes, isMemory: false }
    case 'out-of-memory':
    case 'device-lost':
      // How much there is nobody says: noticeably less than what was too much.
      return { bytes: ownBytes * 0.8, isMemory: true }
    case 'not-a-number':
      return { bytes: Number.POSITIVE_INFINITY, isMemory: false }
    default:
      return null
  }
}

/** The context that is known to fit, or half of the one there is. Models that do not say what a token takes keep theirs. */
function shorterContext(
  model: InstalledModel,
  problem: Problem,
  fits: (shorter: InstalledModel) => boolean,
): InstalledModel | null {
  if (model.manifest.needs === undefined) return null
  const known = problem.code === 'does-not-fit' ? problem.contextTokens : halfOf(model.manifest.contextTokens)
  for (let tokens = known ?? 0; tokens >= leastContextTokens; tokens = halfOf(tokens)) {
    const shorter = withContext(model, tokens)
    if (shorter !== model && fits(shorter)) return shorter
  }
  return null
}

function halfOf(tokens: number): number {
  return Math.floor(tokens / 2 / contextStep) * contextStep
}

function likeness(other: InstalledModel, model: InstalledModel): number {
  return other.manifest.variant === model.manifest.variant ? 1 : 0
}

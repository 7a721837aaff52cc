// Three families to begin with, chosen for this machine: a capable one, one of middle size and a quick one, of different families and different
// makers, each with something to talk to. A machine that was not measured is taken for a modest one.
import type { ModelNeeds } from '../fit/needs.ts'
import { speedFor } from '../fit/speed.ts'
import { judgeFit, type Machine, type Verdict } from '../fit/verdict.ts'
import { type DownloadChoice, diskLeft, downloadChoices, usualChoice, usualFormat } from './downloads.ts'
import { isFree } from './offers.ts'
import type { CatalogVariant, Family } from './types.ts'

export interface ShelfEntry {
  readonly role: 'capable' | 'middle' | 'quick'
  readonly family: Family
  /** The member that is offered: chat before instruct before base. */
  readonly variant: CatalogVariant
  /** Base, instruct and chat of its line. */
  readonly members: readonly CatalogVariant[]
  readonly choice: DownloadChoice
  /** null on a machine that was not measured. */
  readonly verdict: Verdict | null
}

export interface ShelfParts {
  readonly families: readonly Family[]
  readonly machine: Machine | null
  /** Of the disk with the models folder; null where not known. */
  readonly freeBytes: number | null
  readonly needsOf: (variant: CatalogVariant) => ModelNeeds | null
}

const modestMemoryBytes = 6_000_000_000
/** Below this many tokens per second reading along is no pleasure. */
const pleasantTokensPerSecond = 8
/** Weights of a model that is offered on the slowest machine too. */
const tolerableBytes = 700_000_000
/** Shares of the memory that the weights of each role may take: the rest is for contexts and for what else runs. */
const roles = [
  { role: 'capable', share: 0.6 },
  { role: 'middle', share: 0.25 },
  { role: 'quick', share: 0.06 },
] as const
const slack = 1.25
const bytesPerParameter = 4.5 / 8
/** A first download that takes an evening is for later. */
const patientBytes = 15_000_000_000
const kindOrder = ['chat', 'instruct', 'base']

/** At most three, fewer where fewer fit. Entries never need agreement to terms first, and never a model that may not be used commercially. */
export function shelfFor({ families, machine, freeBytes, needsOf }: ShelfParts): readonly ShelfEntry[] {
  const lines = families.flatMap((family) => linesOf(family).map((members) => ({ family, members })))
  const memoryBytes = machine?.memoryBytes ?? modestMemoryBytes
  const readable = readableBytes(machine)
  const chosen: ShelfEntry[] = []
  const choose = (role: ShelfEntry['role'], targetBytes: number, limitBytes: number): boolean => {
    const ranked = lines
      .filter(({ family, members }) => !chosen.some((one) => one.family.id === family.id) && offered(members) !== null)
      .filter(({ members }) => sizeOf(members) <= limitBytes && !chosen.some((one) => isNear(one.members, members)))
      .map((line) => ({ ...line, rank: rankOf(line.members, targetBytes) }))
      .sort((one, other) => other.rank - one.rank)
    for (const { family, members } of ranked) {
      const found = entry(role, family, members)
      if (found === null) continue
      chosen.push(found)
      return true
    }
    return false
  }
  const entry = (role: ShelfEntry['role'], family: Family, members: readonly CatalogVariant[]): ShelfEntry | null => {
    const variant = offered(members)
    if (variant === null || chosen.some((one) => one.variant.config === variant.config)) return null
    const needs = needsOf(variant)
    if (needs === null) return null
    const verdict = machine === null ? null : judgeFit(needs, machine)
    if (verdict?.kind === 'does-not-fit') return null
    const choice = usualChoice(downloadChoices(variant, (format) => (format === usualFormat ? needs : null)))
    if (choice === null || (choice.downloadBytes ?? Infinity) > 2 * patientBytes) return null
    if (freeBytes !== null && (diskLeft(choice, freeBytes, false)?.leastBytes ?? 0) < 0) return null
    return { role, family, variant, members, choice, verdict }
  }
  const limitBytes = Math.min(memoryBytes * roles[0].share, Math.max(readable, tolerableBytes)) * slack
  for (const { role, share } of roles) {
    const targetBytes = Math.min(memoryBytes * share, readable * (share / roles[0].share))
    if (!choose(role, targetBytes, targetBytes * slack)) choose(role, targetBytes, limitBytes)
  }
  return chosen
    .toSorted((one, other) => sizeOf(other.members) - sizeOf(one.members))
    .map((one, index) => ({ ...one, role: roles[index]?.role ?? one.role }))
}

/** Weights that can be read as often as it takes to write pleasantly. */
function readableBytes(machine: Machine | null): number {
  if (machine === null || machine.bandwidthBytesPerSecond === null) return Infinity
  const perSecond =
    speedFor(tolerableBytes, machine.bandwidthBytesPerSecond, machine.speedSamples ?? []) * tolerableBytes
  return perSecond / pleasantTokensPerSecond
}

/** Two of one size teach little about sizes. */
function isNear(one: readonly CatalogVariant[], other: readonly CatalogVariant[]): boolean {
  return Math.abs(Math.log2(sizeOf(one) / sizeOf(other))) < 0.6
}

function linesOf({ variants }: Family): readonly (readonly CatalogVariant[])[] {
  return [...Map.groupBy(variants, ({ line }) => line).values()]
}

/** The member to begin with; null where none can be had freely. A base model alone is not what a first conversation wants. */
function offered(members: readonly CatalogVariant[]): CatalogVariant | null {
  return (
    members
      .filter((variant) => variant.kind !== 'base' && isFree(variant))
      .sort((one, other) => kindOrder.indexOf(one.kind) - kindOrder.indexOf(other.kind))[0] ?? null
  )
}

function sizeOf(members: readonly CatalogVariant[]): number {
  return Math.max(...members.map(({ parameters }) => parameters ?? Infinity)) * bytesPerParameter
}

/** Near the size that was asked for, with siblings to compare and, a little, with weights that need no compiling. */
function rankOf(members: readonly CatalogVariant[], targetBytes: number): number {
  const distance = Math.abs(Math.log2(sizeOf(members) / targetBytes))
  const kinds = new Set(members.map(({ kind }) => kind)).size
  const isReady = offered(members)?.ready.some(({ format }) => format === usualFormat) === true
  const doubts = offered(members)?.unconfirmed.includes('licence') === true ? 0.2 : 0
  const downloadBytes = isReady ? sizeOf(members) : (sizeOf(members) * 16) / 4.5
  const patience = Math.max(0, Math.log2(downloadBytes / patientBytes))
  return 0.8 * kinds + (isReady ? 0.4 : 0) - distance - doubts - 2 * patience
}

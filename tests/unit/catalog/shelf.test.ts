// The shelf over many machines: at most three, all of which fit, may be used freely and differ in family.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { configOf, families, familyOf } from '../../../shared/catalog/catalog.ts'
import { diskLeft } from '../../../shared/catalog/downloads.ts'
import { shelfFor } from '../../../shared/catalog/shelf.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import { type ModelNeeds, needsOfConfig } from '../../../shared/fit/needs.ts'
import { softwareSamples } from '../../../shared/fit/speed.ts'
import { judgeFit, type Machine } from '../../../shared/fit/verdict.ts'

const kept = new Map<number, ModelNeeds>()

function needsOf(variant: CatalogVariant): ModelNeeds | null {
  if (variant.config === null) return null
  const needs = kept.get(variant.config) ?? needsOfConfig(configOf(variant), { format: 'q4f16_1', target: 'portable' })
  kept.set(variant.config, needs)
  return needs
}

const shelf = (machine: Machine | null, freeBytes: number | null = null) =>
  shelfFor({ families, machine, freeBytes, needsOf })

test('on any machine each entry fits, is free to use and to fetch, and no family comes twice', () => {
  const machine = fc.record({
    target: fc.constant('portable' as const),
    memoryBytes: fc.integer({ min: 200_000_000, max: 100_000_000_000 }),
    largestBufferBytes: fc.integer({ min: 128_000_000, max: 16_000_000_000 }),
    bandwidthBytesPerSecond: fc.option(fc.integer({ min: 1_000_000_000, max: 1_000_000_000_000 })),
  })
  const freeBytes = fc.option(fc.integer({ min: 0, max: 200_000_000_000 }))
  fc.assert(
    fc.property(machine, freeBytes, (here, free) => {
      const entries = shelf(here, free)
      expect(entries.length).toBeLessThanOrEqual(3)
      expect(new Set(entries.map(({ family }) => family.id)).size).toBe(entries.length)
      for (const { variant, verdict, members, choice } of entries) {
        const needs = needsOf(variant)
        if (needs === null) throw new Error('an entry without needs')
        expect(verdict).toEqual(judgeFit(needs, here))
        expect(verdict?.kind).not.toBe('does-not-fit')
        expect([variant.commercialUse, variant.isGated]).toEqual(['yes', false])
        expect(members).toContain(variant)
        expect(new Set(members.map(({ line }) => line)).size).toBe(1)
        if (free !== null) expect(diskLeft(choice, free, false)?.leastBytes).toBeGreaterThanOrEqual(0)
      }
    }),
    { numRuns: 60, seed: 20_261_128 },
  )
})

test('a machine that was not measured gets three all the same, without a verdict', () => {
  const entries = shelf(null)
  expect(entries.map(({ role, verdict }) => [role, verdict])).toEqual([
    ['capable', null],
    ['middle', null],
    ['quick', null],
  ])
})

test('the first is the largest, and its family shows base, instruct and chat where memory allows', () => {
  const [first, ...others] = shelf({
    target: 'half',
    memoryBytes: 8e9,
    largestBufferBytes: 4e9,
    bandwidthBytesPerSecond: 1e11,
  })
  expect(first?.members.map(({ kind }) => kind)).toEqual(['base', 'instruct', 'chat'])
  for (const { variant } of others) expect(variant.parameters).toBeLessThan(first?.variant.parameters ?? 0)
})

test('slow memory gives small models, however much of it there is', () => {
  const entries = shelf({
    target: 'software',
    memoryBytes: 3e10,
    largestBufferBytes: 2e9,
    bandwidthBytesPerSecond: 8e9,
    speedSamples: softwareSamples,
  })
  expect(entries.length).toBeGreaterThan(1)
  for (const { variant } of entries) expect(variant.parameters, variant.id).toBeLessThan(2e9)
})

test('where nothing fits nothing is offered', () => {
  const machine = {
    target: 'portable',
    memoryBytes: 1e6,
    largestBufferBytes: 1e6,
    bandwidthBytesPerSecond: null,
  } as const
  expect(shelf(machine)).toEqual([])
  expect(shelf(null, 1000)).toEqual([])
})

test('a chat member is offered before an instruct one', () => {
  for (const { variant, family } of shelf(null)) {
    const chat = familyOf(variant).variants.find(({ line, kind, commercialUse }) => {
      return line === variant.line && kind === 'chat' && commercialUse === 'yes'
    })
    if (chat !== undefined) expect(variant.kind, family.id).toBe('chat')
  }
})

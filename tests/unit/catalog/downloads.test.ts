import { expect, test } from 'vitest'
import { configOf, familyOf, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { diskLeft, downloadChoices, usualChoice } from '../../../shared/catalog/downloads.ts'
import { strangerThatFits } from '../../../shared/catalog/offers.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import { needsOfConfig } from '../../../shared/fit/needs.ts'

function named(id: string): CatalogVariant {
  const variant = variantNamed(id)
  if (variant === undefined) throw new Error(`the catalogue lost ${id}`)
  return variant
}

const choicesOf = (variant: CatalogVariant) =>
  downloadChoices(variant, (format) =>
    variant.config === null ? null : needsOfConfig(configOf(variant), { format, target: 'portable' }),
  )

test('ready-made weights come first and are about a third of the checkpoint', () => {
  const [ready, ...rest] = choicesOf(named('tinyllama-1.1b-chat-v1.0'))
  const checkpoint = rest.at(-1)
  expect([ready?.kind, ready?.format, checkpoint?.kind]).toEqual(['ready', 'q4f16_1', 'checkpoint'])
  const share = (ready?.downloadBytes ?? 0) / (checkpoint?.downloadBytes ?? 1)
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.34)
})

test('the usual choice is ready-made 4-bit weights, else the checkpoint, else nothing', () => {
  expect(usualChoice(choicesOf(named('phi-2')))).toMatchObject({ kind: 'ready', format: 'q4f16_1' })
  expect(usualChoice(choicesOf(named('mpt-7b-chat')))).toMatchObject({ kind: 'checkpoint' })
  // Ready, but not in 4 bits: compiling is the smaller thing to run.
  expect(usualChoice(choicesOf(named('smollm2-135m-instruct')))).toMatchObject({ kind: 'checkpoint' })
  expect(usualChoice(choicesOf(named('opt-175b')))).toBe(null)
  expect(usualChoice(choicesOf(named('alpaca-7b-wdiff')))).toBe(null)
})

test('a checkpoint is there beside its weights until they are finished', () => {
  const checkpoint = {
    kind: 'checkpoint',
    repository: 'a/b',
    format: 'q4f16_1',
    downloadBytes: 14,
    keptBytes: 4,
    obstacle: null,
  } as const
  expect(diskLeft(checkpoint, 20, false)).toEqual({ leastBytes: 2, afterBytes: 16 })
  expect(diskLeft(checkpoint, 20, true)).toEqual({ leastBytes: 2, afterBytes: 2 })
  expect(diskLeft({ ...checkpoint, kind: 'ready', downloadBytes: 4 }, 20, true)).toEqual({
    leastBytes: 16,
    afterBytes: 16,
  })
  expect(diskLeft({ ...checkpoint, downloadBytes: null }, 20, true)).toBe(null)
})

test('in place of what does not fit the largest smaller model of its kind from another family is offered', () => {
  const fits = (limit: number) => (variant: CatalogVariant) => (variant.parameters ?? Infinity) < limit
  expect(strangerThatFits(named('llama-2-7b-chat-hf'), () => false)).toBe(null)
  for (const variant of variants) {
    const offer = strangerThatFits(variant, fits(8e9))
    if (offer === null) continue
    expect([offer.kind, offer.commercialUse, offer.isGated]).toEqual([variant.kind, 'yes', false])
    expect(offer.parameters).toBeLessThan(Math.min(8e9, variant.parameters ?? 0))
    expect(familyOf(offer)).not.toBe(familyOf(variant))
  }
  expect(strangerThatFits(named('llama-2-70b-chat-hf'), fits(8e9))).not.toBe(null)
})

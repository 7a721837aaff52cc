import { expect, test } from 'vitest'
import { configOf, familyOf, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { diskLeft, downloadChoices, usualChoice } from '../../../shared/catalog/downloads.ts'
import { smallerThatFits } from '../../../shared/catalog/offers.ts'
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

test('in place of what does not fit its family’s next smaller member of the same kind is offered', () => {
  const fits = (limit: number) => (variant: CatalogVariant) => (variant.parameters ?? Infinity) < limit
  expect(smallerThatFits(named('llama-2-70b-chat-hf'), fits(20e9))?.id).toBe('llama-2-13b-chat-hf')
  const stranger = smallerThatFits(named('llama-2-7b-chat-hf'), fits(3e9))
  expect(stranger && [stranger.kind, stranger.commercialUse, stranger.isGated]).toEqual(['chat', 'yes', false])
  expect(smallerThatFits(named('llama-2-7b-chat-hf'), () => false)).toBe(null)
  for (const variant of variants) {
    const offer = smallerThatFits(variant, fits(8e9))
    if (offer === null) continue
    expect(offer.kind).toBe(variant.kind)
    expect(offer.parameters).toBeLessThan(variant.parameters ?? 0)
    const relatives = familyOf(variant).variants.filter(({ kind, parameters, weights }) => {
      return (
        kind === variant.kind &&
        (parameters ?? Infinity) < Math.min(8e9, variant.parameters ?? 0) &&
        weights !== 'none' &&
        weights !== 'difference'
      )
    })
    if (relatives.length > 0) expect(familyOf(offer).id).toBe(familyOf(variant).id)
  }
})

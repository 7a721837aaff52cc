// Whatever may lie in a models folder that moves: installed models, parts on their way, models of a person, links, and what is none of Hearth's business.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Store } from '../../electron/services/store/store.ts'
import { contentOf, installContent, sha256Of, writePlainModel } from './modelsFolder.ts'

export interface Contents {
  readonly models: readonly (readonly number[])[]
  readonly parts: readonly number[]
  readonly plain: readonly (readonly number[])[]
  readonly hasLinks: boolean
  readonly hasOther: boolean
  readonly hasInPlace: boolean
}

export async function fillFolder(store: Store, contents: Contents, scale = 1): Promise<void> {
  const { folder } = store
  for (const [index, numbers] of contents.models.entries())
    await installContent(
      store,
      `somebody/model-${index}`,
      numbers.map((number) => contentOf(number, scale)),
    )
  for (const number of contents.parts) {
    const { part, journal } = store.partPaths({ kind: 'sha256', hex: sha256Of(contentOf(number + 100)) })
    writeFileSync(part, contentOf(number))
    writeFileSync(journal, 'a journal')
  }
  for (const [index, numbers] of contents.plain.entries())
    writePlainModel(
      join(folder, 'local', `plain-${index}`),
      `local/plain-${index}`,
      numbers.map((number) => contentOf(number, scale)),
    )
  if (contents.hasOther) writeFileSync(join(folder, 'notes of a person.txt'), 'notes')
  if (contents.hasLinks) {
    const inside = join(folder, 'linked', 'inside')
    writePlainModel(inside, 'linked/inside', [contentOf(3)])
    writeFileSync(join(folder, 'linked', 'kept.bin'), contentOf(3))
    rmSync(join(inside, 'file0.bin'))
    symlinkSync('../kept.bin', join(inside, 'file0.bin'))
    const outside = join(folder, 'linked', 'outside')
    writePlainModel(outside, 'linked/outside', [contentOf(4)])
    writeFileSync(join(folder, '..', 'outside.bin'), contentOf(4))
    rmSync(join(outside, 'file0.bin'))
    symlinkSync('../../../outside.bin', join(outside, 'file0.bin'))
  }
  if (contents.hasInPlace) {
    mkdirSync(join(folder, 'weights'), { recursive: true })
    writeFileSync(join(folder, 'weights', 'one.bin'), contentOf(5))
    await installContent(store, 'somebody/in-place', [contentOf(6)], [join(folder, 'weights', 'one.bin')])
  }
}

const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 })
export const contents: fc.Arbitrary<Contents> = fc.record({
  models: fc.array(numbers, { maxLength: 3 }),
  parts: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }),
  plain: fc.array(numbers, { maxLength: 2 }),
  hasLinks: fc.boolean(),
  hasOther: fc.boolean(),
  hasInPlace: fc.boolean(),
})
export const everything: Contents = {
  models: [
    [1, 2],
    [2, 3],
  ],
  parts: [4],
  plain: [[5, 6]],
  hasLinks: true,
  hasOther: true,
  hasInPlace: true,
}

// Models whose declared variant and template disagree: what is odd, how they are treated, and that it is kept.
import { describe, expect, test } from 'vitest'
import { keepTreatments, readTreatments } from '../../../renderer/keptTreatments.ts'
import {
  conflictOf,
  createTreatments,
  treated,
  treatedCall,
  usualTreatment,
} from '../../../renderer/state/treatment.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { family, installed } from '../../support/models.ts'
import { pageStorage } from '../../support/pageStorage.ts'

const base = installed('base')
const chat = installed('chat')
/** Called base, with the template of a chat. */
const oddBase: InstalledModel = { ...base, manifest: { ...base.manifest, prompt: chat.manifest.prompt } }
/** Called chat, without a template. */
const oddChat: InstalledModel = { ...chat, manifest: { ...chat.manifest, prompt: { kind: 'completion' } } }

describe('a conflict', () => {
  test('is found where variant and template disagree, and nowhere else', () => {
    expect(family.map(({ manifest }) => conflictOf(manifest))).toEqual([null, null, null])
    expect(conflictOf(oddBase.manifest)).toEqual({ kind: 'base-with-template', template: 'tiny-chat' })
    expect(conflictOf(oddChat.manifest)).toEqual({ kind: 'answers-without-template' })
  })

  test('is settled by what the template can do until a person says otherwise', () => {
    expect([usualTreatment(oddBase.manifest), usualTreatment(oddChat.manifest)]).toEqual(['chat', 'base'])
    expect(treated(oddBase, null).manifest).toMatchObject({ variant: 'chat', prompt: chat.manifest.prompt })
    expect(treated(oddBase, 'base').manifest).toMatchObject({ variant: 'base', prompt: { kind: 'completion' } })
    expect(treated(oddChat, null).manifest).toMatchObject({ variant: 'base', prompt: { kind: 'completion' } })
    expect(treated(oddChat, 'chat').manifest).toMatchObject({
      variant: 'chat',
      prompt: { kind: 'turns', userPrefix: 'User: ' },
    })
  })
})

test('models without a conflict pass as they are', async () => {
  const treatments = createTreatments({})
  const call = treatedCall((async () => [base, oddBase]) as never, treatments)
  const [first, second] = await call('models.list', undefined)
  expect(first).toBe(base)
  expect(second?.manifest.variant).toBe('chat')
  expect(treatments.store.getState().declared.get(oddBase.key)).toBe(oddBase.manifest)
})

test('another treatment loads the model anew and is kept', () => {
  const storage = pageStorage()
  const treatments = createTreatments(readTreatments(storage))
  treatments.store.subscribe(({ chosen }) => keepTreatments(storage, chosen))
  const [asChat] = treatments.apply([oddBase])
  const adopted: InstalledModel[] = []
  const selected: InstalledModel[] = []
  const app = {
    models: { getState: () => ({ installed: [asChat] }) },
    adopt: (models: readonly InstalledModel[]) => void adopted.push(...models),
    select: async (model: InstalledModel) => void selected.push(model),
  }
  treatments.treatIn(app as never)(asChat as InstalledModel, 'base')
  expect([adopted[0]?.manifest.variant, selected[0]?.manifest.variant]).toEqual(['base', 'base'])
  expect(readTreatments(storage)).toEqual({ [oddBase.key]: 'base' })
  expect(createTreatments(readTreatments(storage)).apply([oddBase])[0]?.manifest.variant).toBe('base')
})

test('whatever lies in the storage, nothing breaks', () => {
  for (const text of ['', '{', 'null', '[1]', '{"a":"chat","b":7}', '"x"'])
    expect(Object.values(readTreatments({ getItem: () => text })).every((value) => value === 'chat')).toBe(true)
})

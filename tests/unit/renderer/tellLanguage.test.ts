import { expect, test } from 'vitest'
import type { Call } from '../../../renderer/ipc.ts'
import { createAppearance } from '../../../renderer/state/appearance.ts'
import { tellLanguage } from '../../../renderer/tellLanguage.ts'

test('main is told the language at the start and with each change of it, and of nothing else', () => {
  const told: unknown[] = []
  const call: Call = async (channel, input) => {
    told.push([channel, input])
    return null as never
  }
  const appearance = createAppearance()
  tellLanguage({ appearance, preferred: ['fr', 'de-AT'], call })
  for (const change of [{ theme: 'dark' }, { language: 'de' }, { language: 'en' }, { language: 'system' }] as const)
    appearance.setState(change)
  expect(told).toEqual(['de', 'en', 'de'].map((language) => ['page.language', { language }]))
})

test('a main that does not listen is nothing to tell a person', async () => {
  const appearance = createAppearance()
  const refused = Promise.reject(new Error('no'))
  tellLanguage({ appearance, preferred: [], call: () => refused })
  await expect(refused).rejects.toThrow('no')
})

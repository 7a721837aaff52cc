// Moving the models folder as a job among others: it waits for those before it, and everything goes on in the new place.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkpoint, installedModels, installRig, repositoryOf } from '../../../support/installRig.ts'

const { signal } = new AbortController()

test('the folder moves once the installation before it is done; jobs, models and the next start find the new place', async () => {
  await using rig = await installRig({
    repositories: [await repositoryOf('llama-gqa'), await repositoryOf('llama-mha')],
  })
  const { jobs } = rig.models
  const elsewhere = join(rig.home, 'elsewhere')
  const first = await jobs.install(checkpoint('test/llama-gqa'))
  const move = await jobs.moveFolder(elsewhere)
  const second = await jobs.install(checkpoint('test/llama-mha'))
  expect(jobs.list().map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    'install running',
    'move waiting',
    'install waiting',
  ])
  const done = await jobs.finished(first, signal)
  expect(await jobs.finished(move, signal)).toMatchObject({ kind: 'move', title: 'elsewhere', state: 'done' })
  await jobs.finished(second, signal)
  expect(existsSync(join(rig.home, 'models'))).toBe(false)
  const models = await installedModels(rig.home, elsewhere)
  expect([...models.values()].map(({ manifest }) => manifest.id).sort()).toEqual(['test/llama-gqa', 'test/llama-mha'])
  expect(await rig.models.locate(done.modelKey ?? '')).toContain(elsewhere)
  expect(JSON.parse(await readFile(join(rig.home, 'settings.json'), 'utf8'))).toMatchObject({ modelsFolder: elsewhere })
  await rig.restart()
  expect(rig.models.jobs.list().map(({ state }) => state)).toEqual(['done', 'done', 'done'])
  expect((await rig.models.records()).filter(({ place }) => place === 'store').length).toBe(2)
})

test('a place that is not empty is refused, and the models stay where they are', async () => {
  await using rig = await installRig({ repositories: [await repositoryOf('llama-gqa')] })
  const { jobs } = rig.models
  const installed = await jobs.finished(await jobs.install(checkpoint('test/llama-gqa')), signal)
  await expect(jobs.finished(await jobs.moveFolder(rig.home), signal)).rejects.toMatchObject({
    problem: { code: 'store-unusable' },
  })
  expect([...(await installedModels(rig.home)).keys()]).toEqual([installed.modelKey])
})

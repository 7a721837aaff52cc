// The library of a models folder that moves while somebody asks it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMovingLibrary } from '../../../electron/services/movingLibrary.ts'
import { createStore } from '../../../electron/services/store/createStore.ts'
import { moveStore, settleMove } from '../../../electron/services/store/moveFolder.ts'
import { contentOf, installContent } from '../../support/modelsFolder.ts'

test('the models and files of a folder are there before, between and after the switch and once the old folder is gone', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hearth-moving-'))
  const places = [join(root, 'old'), join(root, 'new')] as const
  let folder: string = places[0]
  const library = createMovingLibrary({ storeFolder: () => folder, bundledFolder: join(root, 'none') })
  const seen = async () => {
    const [model] = await library.list()
    return { id: model?.manifest.id, path: (await library.file(model?.key ?? '', 0))?.path }
  }
  try {
    const answers = []
    {
      await using store = await createStore({ folder })
      await installContent(store, 'somebody/model', [contentOf(3)])
      answers.push(await seen())
      const switchTo = async (moved: string) => {
        folder = moved
        answers.push(await seen())
      }
      await moveStore({ store, to: places[1], owner: root, switchTo }, new AbortController().signal)
    }
    await using store = await createStore({ folder })
    await settleMove(store.folder, root)
    answers.push(await seen())
    const name = store.file(store.models()[0]?.key ?? '', 0)?.sha256 ?? ''
    expect(answers).toEqual(
      [places[0], places[1], places[1]].map((place) => ({ id: 'somebody/model', path: join(place, 'blobs', name) })),
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

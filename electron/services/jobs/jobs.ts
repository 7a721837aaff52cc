// The queue as the window and the command line see it: what can be asked for becomes work with a title.
import { basename } from 'node:path'
import type { FolderTokens } from '../folderTokens.ts'
import type { Jobs } from '../models.ts'
import type { ModelKeeper } from './keeper.ts'
import type { Queue } from './queue.ts'

export function jobsOf(queue: Queue, folders: Pick<FolderTokens, 'named'>, keeper: Pick<ModelKeeper, 'find'>): Jobs {
  const titleOf = async (key: string) => (await keeper.find(key)).manifest.id
  return {
    list: queue.list,
    watch: queue.watch,
    pause: queue.pause,
    resume: queue.resume,
    cancel: queue.cancel,
    move: queue.move,
    finished: queue.finished,
    install: async (request) => {
      const { source } = request
      if (source.kind !== 'folder')
        return queue.add({ kind: 'install', request, folder: null }, source.repository.trim())
      const { path: folder, name } = folders.named(source.token)
      return queue.add({ kind: 'install', request, folder }, name)
    },
    verify: async (key) => queue.add({ kind: 'verify', key }, await titleOf(key)),
    repair: async (key) => queue.add({ kind: 'repair', key }, await titleOf(key)),
    moveFolder: async (path) => queue.add({ kind: 'move', path }, basename(path)),
  }
}

// A process that downloads one repository from a Hub on this computer into a models folder and says how it went. It is made to be killed.
// node tests/rigs/downloadChild.ts <hub> <folder> <id> <commit> <block bytes> <connections>
import { createDownloads } from '../../electron/services/download/downloads.ts'
import { endpointOf } from '../../electron/services/hub/endpoint.ts'
import { listFiles } from '../../electron/services/hub/files.ts'
import { openFile } from '../../electron/services/hub/openFile.ts'
import { createStore } from '../../electron/services/store/createStore.ts'
import { realClock } from './realClock.ts'

const [address = '', folder = '', id = '', commit = '', blockBytes = '', connections = ''] = process.argv.slice(2)
const { signal } = new AbortController()
const options = {
  fetch: (url: string, init: RequestInit) => fetch(url, init),
  endpoint: endpointOf({ HF_ENDPOINT: address }),
  now: Date.now,
}
await using store = await createStore({ folder })
const download = createDownloads({
  store,
  hub: { openFile: (request, stop) => openFile(options, request, stop) },
  clock: realClock,
  random: Math.random,
  connections: () => Number(connections),
  speedLimitBytesPerSecond: () => null,
  blockBytes: Number(blockBytes),
  reserveBytes: 0,
})
console.log('started')
for (const file of await listFiles(options, { id, commit }, signal)) {
  await download({ id, commit, file }, { onBytes: () => {}, onWait: () => {} }, signal)
}
console.log('done')

// A Hub, a models folder and the engine between them, with a clock of their own: what takes ten minutes takes no time here.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as immediately } from 'node:timers/promises'
import { createDownloads } from '../../../electron/services/download/downloads.ts'
import type { Clock } from '../../../electron/services/download/types.ts'
import { endpointOf } from '../../../electron/services/hub/endpoint.ts'
import { createHub } from '../../../electron/services/hub/hub.ts'
import { withRetries } from '../../../electron/services/hub/retry.ts'
import { createStore } from '../../../electron/services/store/createStore.ts'
import type { Store } from '../../../electron/services/store/store.ts'
import { memoryFolder } from '../../rigs/memoryFolder.ts'
import { startLocalHub } from '../localHub.ts'
import type { FaultRig } from './kinds.ts'
import { blockBytes, repository } from './repository.ts'

/** Time passes only while somebody sleeps, and those who sleep at once sleep side by side: a slow computer changes nothing. */
function sleepersClock(): Clock {
  let nowMs = Date.UTC(2026, 0, 1)
  return {
    now: () => nowMs,
    sleep: async (delayMs, signal) => {
      const wakeMs = nowMs + delayMs
      signal.throwIfAborted()
      await immediately()
      signal.throwIfAborted()
      nowMs = Math.max(nowMs, wakeMs)
    },
  }
}

export interface OpenRig extends FaultRig, AsyncDisposable {
  readonly realStore: Store
  /** Everything is as it should be again. */
  heal(): void
}

export async function openRig(random: () => number): Promise<OpenRig> {
  const folder = memoryFolder('hearth-fault-')
  const storeFolder = join(folder, 'store')
  const local = await startLocalHub({ repositories: [repository] })
  const realStore = await createStore({ folder: storeFolder })
  const healthy = {
    fetch: (async (url, init) =>
      await fetch(url, { ...init, headers: { ...init.headers } })) satisfies FaultRig['fetch'],
    clock: sleepersClock(),
    // Long, so that no load of this computer looks like silence; the faults that are silent shorten it.
    stallMs: 60_000,
    store: realStore,
    speedLimitBytesPerSecond: null,
  }
  const { repositories } = local.state
  const rig: OpenRig = {
    ...{ local, random, folder, storeFolder, realStore, cleanUp: [], ...healthy },
    heal() {
      local.fault = null
      Object.assign(local.state, { repositories })
      Object.assign(rig, healthy)
      renew()
    },
    async pull(signal) {
      const endpoint = endpointOf({ HF_ENDPOINT: local.state.hubOrigin })
      const hub = createHub({ fetch: (url, init) => rig.fetch(url, init), endpoint, now: () => rig.clock.now() })
      const retries = { tries: 10, sleep: rig.clock.sleep, random }
      const pinned = await withRetries((stop) => hub.pin(repository.id, stop), retries, signal)
      const files = await withRetries((stop) => hub.listFiles(pinned, stop), retries, signal)
      engine ??= createDownloads({
        ...{ hub, store: rig.store, random, blockBytes, stallMs: rig.stallMs, clock: rig.clock, reserveBytes: 0 },
        connections: () => 1 + Math.floor(random() * 4),
        speedLimitBytesPerSecond: () => rig.speedLimitBytesPerSecond,
      })
      const quiet = { onBytes: () => {}, onWait: () => {} }
      for (const file of files) await engine({ id: pinned.id, commit: pinned.commit, file }, quiet, signal)
    },
    async [Symbol.asyncDispose]() {
      for (const end of rig.cleanUp) await end()
      await local[Symbol.asyncDispose]()
      await realStore[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  let engine: ReturnType<typeof createDownloads> | null = null
  const renew = () => {
    engine = null
  }
  return rig
}

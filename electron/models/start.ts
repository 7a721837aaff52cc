// In main: keeps a models process running, configured. Jobs go on by themselves: their queue is on the disk.
import { type Call, type KeepOptions, keepProcess } from '../processes/keepProcess.ts'
import type { NetworkConfiguration } from '../services/network/configuration.ts'
import type { processRequests } from './contract.ts'

type Requests = typeof processRequests

export interface ModelsProcessOptions extends Omit<KeepOptions<Requests>, 'prepare'> {
  readonly configuration: () => Promise<NetworkConfiguration>
}

export interface ModelsProcess {
  readonly call: Call<Requests>
  /** Passes the network's configuration on, where the process is up; one that starts later asks for it. */
  configure(configuration: NetworkConfiguration): Promise<void>
  stop(): void
}

export function startModelsProcess({ configuration, ...options }: ModelsProcessOptions): ModelsProcess {
  const kept = keepProcess<Requests>({
    ...options,
    prepare: async (call) => await call('process.configure', await configuration()),
  })
  return {
    call: kept.call,
    async configure(changed) {
      // A models folder that cannot be opened is no reason not to keep a setting: each request about models says so.
      await kept.callRunning('process.configure', changed).catch(() => undefined)
    },
    stop: () => kept.stop(),
  }
}

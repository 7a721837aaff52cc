// The Hub that is configured at the time of each call: endpoint and token may change while a download goes on for hours.
import type { Endpoint } from './endpoint.ts'
import { createHub, type Hub } from './hub.ts'
import type { HubFetch } from './request.ts'

export interface HubNetwork {
  readonly fetch: HubFetch
  /** Of the configuration in force. */
  endpoint(): Endpoint
}

/** `now`: milliseconds since 1970. */
export function currentHub(network: HubNetwork, now: () => number): Hub {
  const hub = () => createHub({ fetch: network.fetch, endpoint: network.endpoint(), now })
  return {
    pin: async (repository, signal) => await hub().pin(repository, signal),
    listFiles: async (repository, signal) => await hub().listFiles(repository, signal),
    openFile: async (request, signal) => await hub().openFile(request, signal),
    readFile: async (request, maximumBytes, signal) => await hub().readFile(request, maximumBytes, signal),
    search: async (text, signal) => await hub().search(text, signal),
  }
}

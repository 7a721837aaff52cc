// The window's requests that main passes on to a process of its own: the same names, decoders and types.
import { type Channel, requests } from '../../shared/ipc.ts'

export function requestsOf<C extends Channel>(channels: readonly C[]): Pick<typeof requests, C> {
  return Object.fromEntries(channels.map((channel) => [channel, requests[channel]])) as Pick<typeof requests, C>
}

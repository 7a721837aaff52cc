// Reads a log of Chromium's network stack (--log-net-log): what Chromium does by itself, in whichever of its processes.
// Format: https://www.chromium.org/developers/design-documents/network-stack/netlog/
import { readFileSync } from 'node:fs'

export interface NetLogEvents {
  /** Addresses requested, those that are answered within the app among them. */
  readonly requests: readonly string[]
  /** Addresses of the connections and datagram sockets attempted. */
  readonly connects: readonly string[]
  /** Names looked up. */
  readonly lookups: readonly string[]
}

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> }
  readonly events: readonly {
    readonly type: number
    readonly phase: number
    readonly params?: { readonly url?: string; readonly host?: string; readonly address?: string }
  }[]
}

/** Of an event that has an end as well. */
const begins = 1

/**
 * Throws for a log that lacks the kinds of events read here. One that was cut off where the app ended is read up to there; null where it ended before the
 * first event.
 */
export function readNetLog(file: string): NetLogEvents | null {
  const log = parsed(readFileSync(file, 'utf8'))
  if (log === null) return null
  const { constants, events } = log
  const of = (name: string) => {
    const type = constants.logEventTypes[name]
    if (type === undefined) throw new Error(`${file}: no events of the kind ${name} are known`)
    return events.filter((event) => event.type === type && event.phase === begins)
  }
  return {
    requests: of('URL_REQUEST_START_JOB').flatMap(({ params }) => params?.url ?? []),
    connects: [...of('TCP_CONNECT_ATTEMPT'), ...of('UDP_CONNECT')].map(({ params }) => params?.address ?? ''),
    lookups: of('HOST_RESOLVER_MANAGER_REQUEST').flatMap(({ params }) => params?.host ?? []),
  }
}

/** One event a line, behind the constants; an app that was killed leaves the last one unfinished and the list open. */
export function parsed(text: string): NetLog | null {
  try {
    return JSON.parse(text) as NetLog
  } catch {
    // Cut off: it does not show at the last characters, which may end a list within an event.
  }
  const whole = text.slice(0, text.lastIndexOf('},\n') + 1)
  return /"events":\s*\[\s*\{/.test(whole) ? (JSON.parse(`${whole}]}`) as NetLog) : null
}

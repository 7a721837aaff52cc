// What the network goes by, from what the person set and, where that is nothing, from the environment: desktop apps often do not inherit it, so both count.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { TokenState } from '../../../shared/settings.ts'
import { endpointOf } from '../hub/endpoint.ts'
import { HubError } from '../hub/problem.ts'
import type { Settings } from '../settings.ts'

const address = z.string().max(500).nullable()

/** Proxies for http and https addresses, and hosts that are asked directly (NO_PROXY's notation). */
const proxies = z.strictObject({ http: address, https: address, except: z.string().max(10_000) })
export type Proxies = z.infer<typeof proxies>

export const networkConfiguration = z.strictObject({
  /** No request is made. */
  offline: z.boolean(),
  hubEndpoint: z.string().max(500),
  token: z.string().max(500).nullable(),
  proxies,
  /** Per file. */
  connections: z.number().int().min(1).max(4),
  speedLimitBytesPerSecond: z.number().int().positive().nullable(),
})
export type NetworkConfiguration = z.infer<typeof networkConfiguration>

export type Environment = Readonly<Record<string, string | undefined>>

export interface KnownToken {
  readonly token: string | null
  readonly state: TokenState
}

/** @param system the operating system's proxy for the Hub, null without one */
export function configurationOf(
  settings: Settings,
  environment: Environment,
  { token }: KnownToken,
  system: string | null,
): NetworkConfiguration {
  return {
    offline: settings.offline || isOfflineBy(environment),
    hubEndpoint: endpointOf({ HF_ENDPOINT: settings.hubEndpoint ?? environment.HF_ENDPOINT }).base,
    token,
    proxies: proxiesOf(settings.proxy, environment, system),
    connections: settings.connections,
    speedLimitBytesPerSecond: settings.speedLimitBytesPerSecond,
  }
}

/** HF_HUB_OFFLINE, as Hugging Face's programs read it. */
export function isOfflineBy({ HF_HUB_OFFLINE: value = '' }: Environment): boolean {
  return ['1', 'on', 'yes', 'true'].includes(value.trim().toLowerCase())
}

/** Hosts that are this computer are never asked through a proxy. */
const own = 'localhost,127.0.0.1,::1'

/** Set here, else the environment's, else the system's. Throws HubError bad-name for what is no proxy's address. */
export function proxiesOf(set: string | null, environment: Environment, system: string | null): Proxies {
  const named = (name: string) => environment[name.toLowerCase()]?.trim() || environment[name]?.trim() || null
  const everything = named('ALL_PROXY')
  const [http, https] = [named('HTTP_PROXY') ?? everything, named('HTTPS_PROXY') ?? everything]
  const except = [own, named('NO_PROXY')].filter((hosts) => hosts !== null).join(',')
  if (set !== null) return { http: checkProxy(set), https: checkProxy(set), except }
  if (http !== null || https !== null)
    return { http: http && checkProxy(http), https: https && checkProxy(https), except }
  return { http: system, https: system, except }
}

/** `http://host:port`, with or without a name and password. Throws HubError bad-name. */
export function checkProxy(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  const isFine = url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === ''
  if (!isFine)
    throw new HubError({ code: 'bad-name', name: withoutPassword(text), detail: 'expected http://host:port' })
  return url.href
}

/** For showing. */
export function withoutPassword(proxy: string): string {
  const url = URL.parse(proxy)
  if (url === null) return proxy.replace(/^.*@/, '')
  return `${url.protocol}//${url.host}`
}

/** The environment's token, else the file that Hugging Face's programs keep it in. A token that the person gave here counts before both. */
export function foundToken(environment: Environment, userHome: string = homedir()): KnownToken {
  const named = environment.HF_TOKEN?.trim() || environment.HUGGING_FACE_HUB_TOKEN?.trim()
  if (named) return { token: named, state: 'environment' }
  const cache = environment.XDG_CACHE_HOME || join(userHome, '.cache')
  const file = environment.HF_TOKEN_PATH || join(environment.HF_HOME || join(cache, 'huggingface'), 'token')
  try {
    const token = readFileSync(file, 'utf8').trim()
    // A token is one word; anything else in that file is none.
    if (/^[!-~]{1,500}$/.test(token)) return { token, state: 'file' }
  } catch {
    // No file, no token.
  }
  return { token: null, state: 'none' }
}

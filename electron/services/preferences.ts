// What a person set, put together with the environment and the system: the view for the window, and the configuration the network goes by.
import type { SettingsChange, SettingsView } from '../../shared/settings.ts'
import { endpointOf } from './hub/endpoint.ts'
import {
  checkProxy,
  configurationOf,
  type Environment,
  foundToken,
  isOfflineBy,
  type KnownToken,
  type NetworkConfiguration,
  withoutPassword,
} from './network/configuration.ts'
import type { SettingsFile } from './settings.ts'

/** Keeps the token that the person gave. Electron's safeStorage stands behind it in the app. */
export interface TokenStore {
  read(): { readonly token: string; readonly state: 'stored' | 'memory' } | null
  /** null forgets it. */
  write(token: string | null): void
}

export interface PreferencesParts {
  readonly settings: SettingsFile
  readonly environment: Environment
  readonly tokens: TokenStore
  /** The operating system's proxy for an address, null without one. */
  readonly systemProxy: (address: string) => Promise<string | null>
  readonly modelsFolder: () => string
  /** Called after each change, before the window hears of it. */
  readonly changed: (view: SettingsView, configuration: NetworkConfiguration) => void | Promise<void>
}

export interface Preferences {
  read(): Promise<SettingsView>
  /** Rejects with HubError bad-name for an address that is none; then nothing is changed. */
  write(change: SettingsChange): Promise<SettingsView>
  setToken(token: string | null): Promise<SettingsView>
  configuration(): Promise<NetworkConfiguration>
}

export function createPreferences(parts: PreferencesParts): Preferences {
  const { settings, environment, tokens, changed } = parts
  const token = (): KnownToken => tokens.read() ?? foundToken(environment)
  const configuration = async () => {
    const saved = settings.read()
    const endpoint = endpointOf({ HF_ENDPOINT: saved.hubEndpoint ?? environment.HF_ENDPOINT })
    return configurationOf(saved, environment, token(), await parts.systemProxy(`${endpoint.base}/`))
  }
  const view = async (): Promise<SettingsView> => {
    const { hubEndpoint, proxy, keepCheckpoints, connections, ...saved } = settings.read()
    const { hubEndpoint: hubEndpointInUse, proxies, offline } = await configuration()
    const proxyInUse = new URL(hubEndpointInUse).protocol === 'https:' ? proxies.https : proxies.http
    return {
      offline,
      offlineByEnvironment: isOfflineBy(environment),
      hubEndpoint,
      hubEndpointInUse,
      proxy: proxy && withoutPassword(proxy),
      proxyInUse: proxyInUse && withoutPassword(proxyInUse),
      keepCheckpoints,
      connections,
      speedLimitBytesPerSecond: saved.speedLimitBytesPerSecond,
      memoryBudgetBytes: saved.memoryBudgetBytes,
      token: token().state,
      modelsFolder: parts.modelsFolder(),
    }
  }
  const announce = async () => {
    const now = await view()
    await changed(now, await configuration())
    return now
  }
  return {
    read: view,
    async write(change) {
      if (change.hubEndpoint) endpointOf({ HF_ENDPOINT: change.hubEndpoint })
      const proxy = change.proxy ? checkProxy(change.proxy) : change.proxy
      settings.write({ ...defined(change), ...(proxy === undefined ? {} : { proxy }) })
      return await announce()
    },
    async setToken(given) {
      tokens.write(given)
      return await announce()
    },
    configuration,
  }
}

/** Without the fields that are undefined, which a change may carry. */
function defined(change: SettingsChange): { [Name in keyof SettingsChange]: Exclude<SettingsChange[Name], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NetworkConfiguration } from '../../../electron/services/network/configuration.ts'
import { createPreferences, type Preferences, type TokenStore } from '../../../electron/services/preferences.ts'
import { openSettings } from '../../../electron/services/settings.ts'
import type { SettingsView } from '../../../shared/settings.ts'

let folder: string
let kept: string | null
let told: (readonly [SettingsView, NetworkConfiguration])[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-preferences-'))
  kept = null
  told = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(environment: Readonly<Record<string, string>> = {}): Preferences {
  const tokens: TokenStore = {
    read: () => (kept === null ? null : { token: kept, state: 'stored' }),
    write: (token) => {
      kept = token
    },
  }
  return createPreferences({
    settings: openSettings(join(folder, 'settings.json')),
    environment: { HF_HOME: folder, ...environment },
    tokens,
    systemProxy: async () => 'http://system:3128',
    modelsFolder: () => '/models',
    changed: (view, configuration) => void told.push([view, configuration]),
  })
}

test('the usual settings, and where each comes from', async () => {
  expect(await open().read()).toEqual({
    offline: false,
    offlineByEnvironment: false,
    hubEndpoint: null,
    hubEndpointInUse: 'https://huggingface.co',
    proxy: null,
    proxyInUse: 'http://system:3128',
    keepCheckpoints: false,
    connections: 2,
    speedLimitBytesPerSecond: null,
    memoryBudgetBytes: null,
    token: 'none',
    modelsFolder: '/models',
  })
})

test('a change is kept, told once and in force', async () => {
  const changed = await open().write({ offline: true, proxy: 'mine:8080', hubEndpoint: 'http://127.0.0.1:9/hub' })
  expect(changed).toMatchObject({
    offline: true,
    proxy: 'http://mine:8080',
    hubEndpointInUse: 'http://127.0.0.1:9/hub',
  })
  expect(told).toHaveLength(1)
  expect(told[0]?.[1]).toMatchObject({ offline: true, hubEndpoint: 'http://127.0.0.1:9/hub' })
  expect(await open().read()).toEqual(changed)
})

test('an address that is none changes nothing', async () => {
  const preferences = open()
  const before = await preferences.read()
  await expect(preferences.write({ hubEndpoint: 'http://elsewhere.example', offline: true })).rejects.toMatchObject({
    problem: { code: 'bad-name' },
  })
  await expect(preferences.write({ proxy: 'socks5://a:1' })).rejects.toMatchObject({ problem: { code: 'bad-name' } })
  expect(await preferences.read()).toEqual(before)
  expect(told).toEqual([])
})

test('the token given here comes before the environment; the view never has it', async () => {
  const preferences = open({ HF_TOKEN: 'hf_environment' })
  expect(await preferences.read()).toMatchObject({ token: 'environment' })
  const view = await preferences.setToken('hf_mine')
  expect(view.token).toBe('stored')
  expect(JSON.stringify(view)).not.toContain('hf_')
  expect((await preferences.configuration()).token).toBe('hf_mine')
  expect(await preferences.setToken(null)).toMatchObject({ token: 'environment' })
  expect((await preferences.configuration()).token).toBe('hf_environment')
})

test('offline by the environment stays so whatever is set here', async () => {
  const preferences = open({ HF_HUB_OFFLINE: '1' })
  expect(await preferences.write({ offline: false })).toMatchObject({ offline: true, offlineByEnvironment: true })
})

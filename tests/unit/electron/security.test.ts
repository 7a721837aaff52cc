import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy, schemes } from '../../../electron/protocol.ts'
import { isLocal, isPermitted, isTrustedSender } from '../../../electron/security.ts'
import { switchesFor } from '../../../electron/switches.ts'

const root = resolve(import.meta.dirname, '../../..')

test.each([
  ['app://bundle/index.html', true],
  ['hearth-model://store/m/x/0', true],
  ['hearth-weights://store/m/x/0', true],
  ['devtools://devtools/bundled/x.html', true],
  ['blob:app://bundle/1', true],
  ['data:text/plain,x', true],
  ['http://127.0.0.1/', false],
  ['https://example.org/', false],
  ['HTTPS://example.org/', false],
  ['ws://example.org/', false],
  ['wss://example.org/', false],
  ['file:///etc/passwd', false],
  ['ftp://example.org/', false],
  ['chrome-extension://abc/x', false],
  ['filesystem:http://example.org/x', false],
  ['app', false],
  ['', false],
])('the network guard lets %s through: %s', (address, allowed) => {
  expect(isLocal(address)).toBe(allowed)
})

/** Every permission that this Electron knows by name, from its own types. */
const permissions = [
  ...new Set(
    [
      ...readFileSync(join(root, 'node_modules/electron/electron.d.ts'), 'utf8').matchAll(
        /setPermission(?:Request|Check)Handler\(handler: .*permission: ([^,]+)/g,
      ),
    ].flatMap(([, union = '']) => union.split('|').map((name) => name.trim().replaceAll("'", ''))),
  ),
]

describe('permissions', () => {
  test('the list is Electron’s own', () => {
    expect(permissions.length).toBeGreaterThan(20)
    expect(permissions).toContain('clipboard-sanitized-write')
  })

  test.each(permissions)('%s', (permission) => {
    const granted = permission === 'clipboard-sanitized-write'
    expect(isPermitted(permission, 'app://bundle', true)).toBe(granted)
    expect(isPermitted(permission, 'app://bundle/', true)).toBe(granted)
    expect(isPermitted(permission, 'app://bundle', false)).toBe(false)
    expect(isPermitted(permission, 'app://bundle.example.org', true)).toBe(false)
    expect(isPermitted(permission, 'https://example.org', true)).toBe(false)
    expect(isPermitted(permission, '', true)).toBe(false)
  })
})

describe('who may ask main', () => {
  const own = { origin: 'app://bundle', url: 'app://bundle/index.html', parent: null }
  test.each([
    ['the top frame of our page', own, true],
    ['our page at a place within it', { ...own, url: 'app://bundle/index.html#top' }, true],
    ['our page with a query', { ...own, url: 'app://bundle/index.html?x#top' }, false],
    ['an address that starts like ours', { ...own, url: 'app://bundle/index.html.html#top' }, false],
    ['nobody any more', null, false],
    ['a frame in our page', { ...own, parent: {} }, false],
    ['a page without origin', { ...own, origin: 'null' }, false],
    ['another host of our scheme', { ...own, origin: 'app://other' }, false],
    ['our page blanked', { ...own, url: 'about:blank' }, false],
    ['another address of our host', { ...own, url: 'app://bundle/other.html' }, false],
    ['a page on the web', { ...own, origin: 'https://example.org' }, false],
  ])('%s', (_name, frame, trusted) => {
    expect(isTrustedSender(frame, frame)).toBe(trusted)
  })

  test('a frame that was taken out, though it showed our page', () => {
    expect(isTrustedSender(own, { ...own })).toBe(false)
    expect(isTrustedSender(own, null)).toBe(false)
  })
})

test('the policy names no host, no inline code, no evaluation of text and no embedding', () => {
  expect(contentSecurityPolicy).toMatchInlineSnapshot(
    `"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' hearth-model: hearth-weights:; form-action 'none'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types default"`,
  )
})

test('no scheme may do more than it needs', () => {
  expect(schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
    {
      scheme: 'hearth-model',
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
    },
    {
      scheme: 'hearth-weights',
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
    },
  ])
})

test('WebGPU is switched on by hand on Linux only', () => {
  const namesFor = (platform: string, hasHardwareAdapter: boolean) =>
    switchesFor({ platform, hasHardwareAdapter }).map(([name]) => name)
  const everywhere = [
    'disable-gpu-process-crash-limit',
    'host-resolver-rules',
    'force-webrtc-ip-handling-policy',
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'no-pings',
  ]
  expect(namesFor('darwin', true)).toEqual(everywhere)
  expect(namesFor('win32', true)).toEqual(everywhere)
  expect(namesFor('linux', false)).toEqual([...everywhere, 'enable-unsafe-webgpu'])
  expect(namesFor('linux', true)).toEqual([...everywhere, 'enable-unsafe-webgpu', 'enable-features'])
})

describe('the sources of the main process', () => {
  const sources = readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('launch'))
    .map((name) => [name.replaceAll('\\', '/'), readFileSync(join(root, 'electron', name), 'utf8')] as const)
  const using = (pattern: RegExp) => sources.filter(([, text]) => pattern.test(text)).map(([name]) => name)

  test('listen to the window in one place only', () => {
    expect(using(/ipcMain\.(handle|on|once)|\.ipc\.(handle|on)/)).toEqual(['ipc/port.ts'])
  })

  test('use the system’s shell in two places: to show a file in its folder, and for an address that was judged', () => {
    expect([...using(/\bshell\b/)].sort()).toEqual(['files.ts', 'links.ts'])
    const usesOf = (name: string) => readFileSync(join(root, 'electron', name), 'utf8').match(/\bshell\.\w+/g)
    expect(usesOf('files.ts')).toEqual(['shell.showItemInFolder'])
    expect(usesOf('links.ts')).toEqual(['shell.openExternal'])
  })

  test('reach the network in one place', () => {
    expect(using(/from 'undici'|from 'node:(http|https|http2|net|dgram)'|\bfetch\(['"`h]/)).toEqual([
      'services/network/connection.ts',
    ])
  })

  test('fetch nothing and never loosen the window', () => {
    expect(
      using(
        /openPath|net\.fetch|net\.request|webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|\beval\(|new Function|\bloadFile|file:\/\//,
      ),
    ).toEqual([])
  })
})

// What code in the page can get at: nothing of Node or Electron, no other window or page, no permission, and of Hearth only the named requests.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { preloadOnly, requests } from '../../shared/ipc.ts'
import { departures } from '../support/departures.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { type Listener, startListener } from '../support/listener.ts'
import { permissions, queried, withheld } from '../support/permissions.ts'

let running: RunningApp
let listener: Listener

beforeAll(async () => {
  listener = await startListener()
  // A camera and a microphone that are there, so that it is not their absence that refuses them.
  running = await launchApp({ isAttacked: true, arguments: ['--use-fake-device-for-media-stream'] })
  await running.app.evaluate(({ app, webContents }) => {
    const seen: string[] = []
    Object.assign(globalThis, { seen })
    const watch = (contents: Electron.WebContents) => {
      contents.on('did-navigate', (_event, url) => seen.push(`navigation ${url}`))
      contents.on('did-create-window', () => seen.push('window'))
      contents.on('did-attach-webview', () => seen.push('webview'))
    }
    webContents.getAllWebContents().forEach(watch)
    app.on('web-contents-created', (_event, contents) => {
      seen.push('new contents')
      watch(contents)
    })
  })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await listener[Symbol.asyncDispose]()
})

const seen = () => running.app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen.splice(0))
/** Where the window is, some time after an attempt to move it. */
async function whereabouts() {
  await running.page.evaluate(() => new Promise((later) => setTimeout(later, 250)))
  const same = await running.page.evaluate(() => Reflect.get(globalThis, 'stillTheSamePage') === true)
  return {
    same,
    url: running.page.url().replace(/#.*$/, ''),
    windows: running.app.windows().length,
    seen: await seen(),
  }
}
const server = () => `http://127.0.0.1:${listener.port}`

describe('the page', () => {
  test('has nothing of Node or Electron, nor has its worker, nor a frame in it', async () => {
    const names = ['require', 'process', 'module', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer']
    const found = await running.page.evaluate(async (wanted) => {
      const present = (scope: object) => wanted.filter((name) => name in scope)
      const frame = document.body.appendChild(document.createElement('iframe'))
      const inFrame = [
        ...present(frame.contentWindow ?? {}),
        ...('hearth' in (frame.contentWindow ?? {}) ? ['hearth'] : []),
      ]
      frame.remove()
      return { inPage: present(globalThis), inFrame }
    }, names)
    expect(found).toEqual({ inPage: [], inFrame: [] })
    const { page } = running
    await page.getByRole('button', { name: /In use: .*, ready$/ }).waitFor({ timeout: 90_000 })
    // The model's worker stays; others, which measure or read, end when they are done, maybe while they are asked.
    const inWorkers = await Promise.all(
      page.workers().map((worker) =>
        worker
          .evaluate((wanted) => wanted.filter((name) => name in globalThis), [...names, 'hearth'])
          .catch((error: unknown) => {
            if (page.workers().includes(worker)) throw error
            return null
          }),
      ),
    )
    const answers = inWorkers.filter((answer) => answer !== null)
    expect(answers).not.toEqual([])
    expect(answers.flat()).toEqual([])
  })

  test('has exactly one function per request in its bridge, and nothing else hangs on it', async () => {
    const walked = await running.page.evaluate(() => {
      const paths: string[] = []
      const visited = new Set<unknown>()
      const builtIn = new Set<unknown>([Object.prototype, Function.prototype])
      const walk = (value: unknown, path: string) => {
        if (visited.has(value) || builtIn.has(value)) return
        visited.add(value)
        paths.push(`${path}: ${typeof value}`)
        if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return
        for (const key of Reflect.ownKeys(value)) {
          if (
            typeof value === 'function' &&
            ['length', 'name', 'prototype', 'arguments', 'caller'].includes(String(key))
          )
            continue
          walk(Reflect.get(value, key), `${path}.${String(key)}`)
        }
        walk(Reflect.getPrototypeOf(value), `${path}.[[Prototype]]`)
      }
      walk(Reflect.get(globalThis, 'hearth'), 'hearth')
      return paths
    })
    const channels = Object.keys(requests).filter((channel) => !preloadOnly.some((other) => other === channel))
    expect(walked).toEqual(['hearth: object', ...channels.map((channel) => `hearth.${channel}: function`)])
  })

  test('cannot put another bridge in the place of its own', async () => {
    const replaced = await running.page.evaluate(() => {
      const before = Reflect.get(globalThis, 'hearth')
      Reflect.set(globalThis, 'hearth', { 'app.startup': () => 'false' })
      Reflect.deleteProperty(globalThis, 'hearth')
      return Reflect.get(globalThis, 'hearth') === before
    })
    expect(replaced).toBe(true)
  })

  test('cannot change what a bridge call does by overwriting prototypes', async () => {
    const outcome = await running.page.evaluate(async () => {
      const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input?: unknown) => Promise<{ ok: boolean }>>
      const plain = JSON.stringify(await bridge['app.startup']?.())
      const stolen: string[] = []
      const originals = {
        push: Array.prototype.push,
        bind: Function.prototype.bind,
        call: Function.prototype.call,
        apply: Function.prototype.apply,
        // biome-ignore lint/suspicious/noThenProperty: the attempt is to replace it
        then: Promise.prototype.then,
        iterator: Array.prototype[Symbol.iterator],
      }
      const spy = <F extends (...given: never[]) => unknown>(name: string, original: F) =>
        function (this: unknown, ...given: unknown[]) {
          for (const value of [this, ...given]) {
            const text = typeof value === 'function' ? `${name} ${value.name} ${String(value)}` : ''
            if (/ipcRenderer|invoke/.test(text)) stolen[stolen.length] = text
          }
          return Reflect.apply(original, this, given)
        }
      Array.prototype.push = spy('push', originals.push) as typeof originals.push
      Function.prototype.bind = spy('bind', originals.bind) as typeof originals.bind
      Function.prototype.call = spy('call', originals.call) as typeof originals.call
      Function.prototype.apply = spy('apply', originals.apply) as typeof originals.apply
      Reflect.set(Promise.prototype, 'then', spy('then', originals.then))
      Object.defineProperty(Object.prototype, 'channel', { configurable: true, get: () => 'run.report' })
      try {
        const changed = JSON.stringify(await bridge['app.startup']?.())
        return { same: changed === plain, stolen }
      } finally {
        Array.prototype.push = originals.push
        Function.prototype.bind = originals.bind
        Function.prototype.call = originals.call
        Function.prototype.apply = originals.apply
        Reflect.set(Promise.prototype, 'then', originals.then)
        Reflect.deleteProperty(Object.prototype, 'channel')
      }
    })
    expect(outcome).toEqual({ same: true, stolen: [] })
  })

  test('cannot read a file, another origin or another app address', async () => {
    const addresses = [
      'file:///etc/passwd',
      'app://etc/passwd',
      'app:////etc/passwd',
      'chrome://version',
      'devtools://devtools/x',
      server(),
    ]
    const outcomes = await running.page.evaluate(
      (list) =>
        Promise.all(
          list.map((address) =>
            fetch(address).then(
              () => `read ${address}`,
              () => 'failed',
            ),
          ),
        ),
      addresses,
    )
    expect(outcomes).toEqual(addresses.map(() => 'failed'))
  })
})

describe('the window stays where it is', () => {
  beforeAll(() => running.page.evaluate(() => Object.assign(globalThis, { stillTheSamePage: true })))

  test.each(departures)('against %s', async (_name, source) => {
    await seen()
    await running.page.evaluate(
      `(async () => { const server = ${JSON.stringify(server())}; await new Promise((go) => setTimeout(go, 0)); try { ${source} } catch {} })()`,
    )
    expect(await whereabouts()).toEqual({ same: true, url: 'app://bundle/index.html', windows: 1, seen: [] })
  })

  test('and comes back when the page blanks itself', async () => {
    const { page } = running
    // Written down as it happens: it may be back before anybody here looks where it is.
    const places: string[] = []
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) places.push(frame.url())
    })
    await page.evaluate(() => {
      setTimeout(() => location.assign('about:blank'), 0)
    })
    await expect.poll(() => places).toEqual(['about:blank', 'app://bundle/index.html'])
    await page.waitForFunction(() => 'hearth' in globalThis && document.readyState === 'complete')
  })

  test('and nobody was asked for anything', () => {
    expect(listener.arrivals).toEqual([])
  })
})

describe('permissions', () => {
  test.each(permissions)('%s is denied: %s', async (_name, refusal, source) => {
    expect(await answerTo(source)).toBe(refusal)
  })

  test.each(withheld)('nothing gives %s: %s', async (_name, refusal, source) => {
    expect(await answerTo(source)).toMatch(new RegExp(`^(${refusal})$`))
  })

  test('a query finds everything denied but putting text on the clipboard', async () => {
    const states = await running.page.evaluate(async (list) => {
      const query = async (name: string) =>
        navigator.permissions
          .query({ name: name as PermissionName, userVisibleOnly: true } as PermissionDescriptor)
          .then(
            ({ state }) => state as string,
            () => 'unknown here',
          )
      return Object.fromEntries(await Promise.all(list.map(async (name) => [name, await query(name)])))
    }, queried)
    expect(Object.entries(states).filter(([, state]) => state === 'granted')).toEqual([])
    expect(states).toMatchObject({
      geolocation: 'denied',
      notifications: 'denied',
      camera: 'denied',
      'clipboard-read': 'denied',
    })
    expect(
      await running.page.evaluate(() =>
        navigator.permissions.query({ name: 'clipboard-write' as PermissionName }).then(({ state }) => state),
      ),
    ).toBe('granted')
  })
})

/** What asking comes to: a text that the API answered, `granted` for anything else it gave, or the name of its error. */
const answerTo = (source: string) =>
  running.page.evaluate(
    `(async () => {
      const asked = (async () => { ${source} })()
      const answer = asked.then((given) => typeof given === 'string' ? given : 'granted', (error) => error.name)
      return Promise.race([answer, new Promise((done) => setTimeout(() => done('no answer'), 20000))])
    })()`,
  )

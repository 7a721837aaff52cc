// The requests of the window: only our own page's top frame is answered, and whatever it sends, the answer is data and main goes on.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Channel, preloadOnly, requests } from '../../shared/ipc.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'

let running: RunningApp

beforeAll(async () => {
  running = await launchApp()
  await running.app.evaluate(({ BrowserWindow, dialog, shell }) => {
    // Nobody is there to answer.
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] })
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' })
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    shell.openExternal = async () => {}
    for (const { webContents } of BrowserWindow.getAllWindows())
      webContents.print = (_options, done) => done?.(false, 'cancelled')
  })
  // Random input may be a search that makes sense.
  const reply = await running.page.evaluate(() => {
    const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<unknown>>
    return bridge['settings.write']?.({ offline: true })
  })
  expect(reply).toMatchObject({ ok: true, value: { offline: true } })
})

afterAll(() => running[Symbol.asyncDispose]())

const all = Object.keys(requests) as Channel[]
/** What the page has a function for. */
const channels = all.filter((channel) => !(preloadOnly as readonly Channel[]).includes(channel))

describe('who may ask', () => {
  test('the page may', async () => {
    const reply = await running.page.evaluate(() => {
      const bridge = Reflect.get(globalThis, 'hearth') as Record<string, () => Promise<unknown>>
      return bridge['app.startup']?.()
    })
    expect(reply).toEqual({ ok: true, value: { version: expect.any(String), platform: process.platform, run: null } })
  })

  // The bridge is never put into frames or other pages; here it is, on purpose, to see that main does not rely on that.
  test.each([
    ['a page from elsewhere', 'data:text/html,<title>x</title>'],
    ['a blank page', 'about:blank'],
    ['a frame in such a page', 'data:text/html,<iframe srcdoc="<b>x</b>"></iframe>'],
  ])('%s may not', async (_name, address) => {
    const replies = await running.app.evaluate(
      async ({ app, BrowserWindow }, [url, names]) => {
        const preload = `${app.getAppPath()}/out/preload/preload.cjs`
        const other = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, nodeIntegrationInSubFrames: true },
        })
        // This test alone lets the window leave its page.
        other.webContents.removeAllListeners('did-navigate')
        try {
          await other.loadURL(url)
          const asking = other.webContents.mainFrame.frames[0] ?? other.webContents.mainFrame
          return (await asking.executeJavaScript(`Promise.all(${names}.map((name) => hearth[name]()))`)) as unknown
        } finally {
          other.destroy()
        }
      },
      [address, JSON.stringify(channels)] as const,
    )
    expect(replies).toEqual(
      channels.map(() => ({ ok: false, error: { code: 'not-allowed', message: expect.any(String) } })),
    )
  })

  test('every listener of main belongs to a named request', async () => {
    const listening = await running.app.evaluate(({ ipcMain }) => {
      const handlers = Reflect.get(ipcMain, '_invokeHandlers') as Map<string, unknown>
      return [...handlers.keys()]
    })
    // Electron's own names are in capitals.
    expect(listening.filter((name) => !/^[A-Z_]+$/.test(name)).sort()).toEqual([...all].sort())
  })
})

describe('what may be asked', () => {
  /** Sends values as a JSON tree in which a few tags stand for what JSON cannot hold; answers with the kinds of replies. */
  const send = (channel: Channel, values: readonly unknown[]) =>
    running.page.evaluate(
      async ([name, json]) => {
        const revive = (_key: string, value: unknown): unknown => {
          if (typeof value !== 'object' || value === null || !('$' in value)) return value
          switch (value.$) {
            case 'NaN':
              return Number.NaN
            case 'Infinity':
              return Number.POSITIVE_INFINITY
            case 'bigint':
              return 10n ** 30n
            case 'map':
              return new Map([['kind', 'text']])
            case 'date':
              return new Date(0)
            case 'bytes':
              return new Uint8Array(1000)
            case 'function':
              return () => 1
            case 'getter':
              return {
                get kind() {
                  throw new Error('no')
                },
              }
            case 'cycle': {
              const cycle: { self?: unknown } = {}
              cycle.self = cycle
              return cycle
            }
            default:
              return value
          }
        }
        // A reviver that answered undefined would remove the value.
        const isUndefined = (value: unknown) => JSON.stringify(value) === '{"$":"undefined"}'
        const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<unknown>>
        return Promise.all(
          (JSON.parse(json, revive) as unknown[]).map(async (value) => {
            try {
              return (await bridge[name]?.(isUndefined(value) ? undefined : value)) ?? 'nothing'
            } catch (error) {
              // Values that cannot be copied never leave the page.
              return { refusedInPage: String(error).slice(0, 200) }
            }
          }),
        )
      },
      [channel, JSON.stringify(values)] as const,
    )

  const odd = fc.constantFrom(
    ...['undefined', 'NaN', 'Infinity', 'bigint', 'map', 'date', 'bytes', 'function', 'getter', 'cycle'].map(($) => ({
      $,
    })),
  )
  const known = fc.record(
    {
      kind: fc.constantFrom('text', 'notice', 'done', 'failed', 'other', '__proto__'),
      text: fc.oneof(fc.string(), fc.jsonValue()),
      message: fc.oneof(fc.string(), fc.jsonValue()),
      stats: fc.oneof(fc.jsonValue(), fc.record({ promptTokens: fc.double(), completionTokens: fc.integer() })),
      extra: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  const anything = fc.oneof(
    fc.jsonValue(),
    odd,
    known,
    fc.array(odd),
    fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'kind', 'text'), odd),
  )

  test.each(channels)('%s answers random values with data that shows no path and no stack', async (channel) => {
    const seed = Date.now() & 0x7fffffff
    console.info(`${channel}: fast-check seed ${seed}`)
    const values = fc.sample(anything, { seed, numRuns: 1200 })
    const replies = await send(channel, values)
    expect(replies).toHaveLength(values.length)
    for (const reply of replies) {
      if (typeof reply === 'object' && reply !== null && 'refusedInPage' in reply) continue
      expect(reply).toMatchObject({ ok: expect.any(Boolean) })
      if (!(reply as { ok: boolean }).ok) {
        expect(Object.keys(reply as object).sort()).toEqual(['error', 'ok'])
        const { error } = reply as { error: { code: string; message: string } }
        expect(['invalid-input', 'not-allowed', 'failed']).toContain(error.code)
        expect(error.message.replaceAll(process.cwd(), '/tmp')).not.toMatch(
          /\/tmp|\/home|node_modules|\bat .*:\d+:\d+|\.js|\.ts/,
        )
        expect(error.message.length).toBeLessThanOrEqual(500)
      }
    }
    expect(await running.page.evaluate(() => 1 + 1)).toBe(2)
  })

  test('a huge text is refused and main answers on', async () => {
    const reply = await running.page.evaluate(async () => {
      const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<unknown>>
      return bridge['run.report']?.({ kind: 'text', text: 'x'.repeat(100_000_000) })
    })
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })

  test('an ordinary window reports for no command', async () => {
    expect(await send('run.report', [{ kind: 'text', text: 'x' }])).toEqual([
      { ok: false, error: { code: 'not-allowed', message: expect.any(String) } },
    ])
  })
})

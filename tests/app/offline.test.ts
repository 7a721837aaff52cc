// Nothing leaves this computer and nothing is stored in the browser's name. The kernel's own counters say so where a private network can be made; a
// log of Chromium's network stack says so everywhere.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { lookAt } from '../support/devtools.ts'
import { collectReports, launchApp, runArgument, spawnApp, temporaryFolder } from '../support/electronApp.ts'
import { type NetLogEvents, readNetLog } from '../support/netLog.ts'

/** Loads the bundled model and writes with it. */
const someRun = runArgument({
  modelId: 'hearth/tinystories-15m-base',
  prompt: 'Once upon a time',
  maxTokens: 8,
  temperature: 0,
  topP: 1,
  seed: 1,
})

/** Only this computer can be reached, whatever Chromium's own errands try. */
const noNames = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'

/** An app that asks for one address and ends. */
const asking = `
const { app, net } = require('electron')
app.whenReady().then(() => net.fetch('http://127.0.0.1:20151/').catch(() => {}).finally(() => app.quit()))`

/** In the page: true once the model is loaded. "Continue" can be pressed before: it waits. */
const readyToContinue = `new Promise((done) => {
  const look = () => {
    const button = document.querySelector('.model-button')
    if (button?.getAttribute('aria-label')?.endsWith(', ready')) done(true)
  }
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  look()
})`

const canMakeNetworks = process.platform === 'linux' && spawnSync('unshare', ['-n', 'true']).status === 0
if (!canMakeNetworks) console.info('skipped: counting in a private network (needs Linux and the right to make one)')

describe('the app without a network', () => {
  test.skipIf(!canMakeNetworks)('opens no connection and sends no packet, counted by the kernel', async () => {
    const home = temporaryFolder()
    // A private network with a loopback device only; the counters start at zero and end with it.
    const script =
      'ip link set lo up 2>/dev/null || ifconfig lo up; "$@"; code=$?; cat /proc/net/snmp /proc/net/snmp6; exit $code'
    const child = await spawnApp(home, { through: ['unshare', '-n', 'sh', '-c', script, 'sh'], arguments: [someRun] })
    const { output, reports } = await collectReports(child)
    rmSync(home, { recursive: true, force: true })
    expect(reports.at(-1)).toMatchObject({ kind: 'done', stats: { completionTokens: 8 } })
    const tcp = counters(output, 'Tcp')
    const udp = counters(output, 'Udp')
    expect(tcp).toMatchObject({ ActiveOpens: 0, PassiveOpens: 0, OutSegs: 0 })
    expect(udp).toMatchObject({ OutDatagrams: 0 })
    expect(output).toMatch(/Udp6OutDatagrams\s+0\n/)
  })

  test('starts no request to any host, by the log of the network stack', async () => {
    const home = temporaryFolder()
    const log = join(home, 'network.json')
    // Started without automation, which would switch off errands of Chromium's own: it is only looked at, from outside.
    const child = await spawnApp(home, { arguments: [...logTo(log), '--remote-debugging-port=0'] })
    const ended = collectReports(child)
    {
      await using page = await lookAt(child, 'app://bundle/index.html')
      expect(await page.evaluate(readyToContinue)).toBe(true)
    }
    child.kill('SIGTERM')
    await ended
    const events = eventsOf(log)
    rmSync(home, { recursive: true, force: true })
    expect(
      events.requests.filter((url) => !/^(app|hearth-model|hearth-weights|devtools|data|blob):/.test(url)),
    ).toEqual([])
    expect(events.connects).toEqual([])
    expect(events.lookups).toEqual([])
  })

  test('that log tells of a request where there is one', async () => {
    const home = temporaryFolder()
    const log = join(home, 'network.json')
    writeFileSync(join(home, 'package.json'), '{"main":"asking.cjs"}')
    writeFileSync(join(home, 'asking.cjs'), asking)
    await collectReports(
      await spawnApp(home, { app: home, hub: 'http://127.0.0.1:20151', arguments: [...logTo(log), noNames] }),
    )
    const events = eventsOf(log)
    rmSync(home, { recursive: true, force: true })
    expect(events.requests).toContain('http://127.0.0.1:20151/')
    expect(events.connects).not.toEqual([])
  })

  test('leaves nothing in the storage of its origin', async () => {
    await using running = await launchApp()
    const ready = running.page.locator('button:not([aria-disabled="true"])', { hasText: 'Continue' })
    await ready.waitFor()
    // "Continue" waits until the model is loaded.
    await Promise.all([
      running.page.getByRole('button', { name: 'Stop' }).waitFor({ timeout: 90_000 }),
      running.page.keyboard.press('ControlOrMeta+Enter'),
    ])
    await running.page.keyboard.press('Escape')
    await ready.waitFor()
    const stored = await running.page.evaluate(async () => ({
      usageBytes: (await navigator.storage.estimate()).usage,
      caches: await caches.keys(),
      databases: await indexedDB.databases(),
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
    }))
    expect(stored).toEqual({ usageBytes: 0, caches: [], databases: [], local: 0, session: 0, cookies: '' })
    expect(await running.app.evaluate(({ session }) => session.defaultSession.cookies.get({}))).toEqual([])
  })
})

function eventsOf(log: string): NetLogEvents {
  const events = readNetLog(log)
  if (events === null) throw new Error('the log has no event')
  return events
}

function logTo(file: string): readonly string[] {
  return [`--log-net-log=${file}`, '--net-log-capture-mode=Everything']
}

/** One protocol's row of /proc/net/snmp: names in one line, values in the next. */
function counters(text: string, protocol: string): Readonly<Record<string, number>> {
  const [names = '', values = ''] = text.split('\n').filter((line) => line.startsWith(`${protocol}:`))
  const numbers = values.split(' ').slice(1).map(Number)
  return Object.fromEntries(
    names
      .split(' ')
      .slice(1)
      .map((name, index) => [name, numbers[index] ?? Number.NaN]),
  )
}

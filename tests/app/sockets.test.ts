// The counters that the whole tier is counted with see what they are there to see: an app that opens one of everything, in each of its processes.
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { collectReports, spawnApp, temporaryFolder } from '../support/electronApp.ts'
import { offences, readRecords, recordsVariable } from '../support/socketRecord.ts'

/** Nobody answers at these ports: no system gives them to programs that ask for any. */
const main = `
const { app, net: chromium, session, utilityProcess } = require('electron')
const net = require('node:net')
const tls = require('node:tls')
const dns = require('node:dns')
const dgram = require('node:dgram')
const later = (emitter) => new Promise((done) => emitter.on('error', done).on('close', done))
app.whenReady().then(async () => {
  session.defaultSession.setSpellCheckerLanguages([])
  session.defaultSession.setSpellCheckerEnabled(false)
  await later(net.connect(20152, '127.0.0.1'))
  await later(tls.connect(20153, '127.0.0.1'))
  await dns.promises.lookup('localhost')
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  server.close()
  const socket = dgram.createSocket('udp4')
  socket.send('x', 20154, '127.0.0.1', () => socket.close())
  await later(socket)
  const child = utilityProcess.fork(require('node:path').join(__dirname, 'utility.cjs'))
  await new Promise((done) => child.once('exit', done))
  await chromium.fetch('http://127.0.0.1:20157/').catch(() => {})
  app.quit()
})`

const utility = `
const { Worker } = require('node:worker_threads')
const own = fetch('http://127.0.0.1:20155/').catch(() => {})
const worker = new Worker("fetch('http://127.0.0.1:20156/').catch(() => {})", { eval: true })
worker.once('exit', () => own.then(() => process.exit(0)))`

afterEach(() => vi.unstubAllEnvs())

test('an app that opens sockets is seen doing it: in main, another process, its worker thread, and Chromium', async () => {
  const home = temporaryFolder()
  writeFileSync(join(home, 'package.json'), '{"main":"main.cjs"}')
  writeFileSync(join(home, 'main.cjs'), main)
  writeFileSync(join(home, 'utility.cjs'), utility)
  // Not among the run's records, which it would fail.
  const folder = temporaryFolder()
  vi.stubEnv(recordsVariable, folder)
  const { exitCode } = await collectReports(await spawnApp(home, { app: home }))
  const [record, ...others] = readRecords(folder)
  for (const one of [home, folder]) rmSync(one, { recursive: true, force: true })
  expect([exitCode, others]).toEqual([0, []])
  const seen = (record?.node ?? []).map(({ place, kind, to }) => `${place} ${kind} ${to}`.trim())
  expect(seen).toEqual(
    expect.arrayContaining([
      'browser started',
      'browser connection 127.0.0.1:20152',
      'browser connection 127.0.0.1:20153',
      'browser lookup localhost',
      'browser server',
      'browser datagrams',
      'utility started',
      'utility connection 127.0.0.1:20155',
      'thread started',
      'thread connection 127.0.0.1:20156',
    ]),
  )
  expect(record?.chromium?.connects).toContain('127.0.0.1:20157')
  expect(record && offences(record)).toEqual(
    expect.arrayContaining(['thread: connection 127.0.0.1:20156', 'Chromium: connection 127.0.0.1:20157']),
  )
})

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { placeWindow, smallestWindow } from '../../../electron/services/placement.ts'
import { openSettings } from '../../../electron/services/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const usual = {
  window: null,
  offline: false,
  hubEndpoint: null,
  proxy: null,
  keepCheckpoints: false,
  connections: 2,
  speedLimitBytesPerSecond: null,
  memoryBudgetBytes: null,
  modelsFolder: null,
}
const place = { x: 10, y: 20, width: 800, height: 600, maximized: false }

describe('settings', () => {
  test('are kept, in one file and without leftovers', () => {
    const file = join(folder, 'new', 'settings.json')
    openSettings(file).write({ window: place })
    expect(openSettings(file).read()).toEqual({ ...usual, window: place })
    expect(readdirSync(join(folder, 'new'))).toEqual(['settings.json'])
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true)
  })

  test('of two processes that write at once are all kept', async () => {
    const file = join(folder, 'two.json')
    const module = JSON.stringify(join(import.meta.dirname, '../../../electron/services/settings.ts'))
    const code = `const { openSettings } = await import(${module})
      const settings = openSettings(${JSON.stringify(file)})
      for (let n = 1; n <= 150; n++) {
        settings.write({ speedLimitBytesPerSecond: n })
        if (settings.read().speedLimitBytesPerSecond !== n) throw new Error('lost ' + n)
      }`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'ignore', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString()
    })
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    child.on('close', () => resolve())
    const settings = openSettings(file)
    let written = 0
    for (const isOver = ended.then(() => true); ; ) {
      written += 1
      settings.write({ modelsFolder: `/models/${written}` })
      expect(settings.read().modelsFolder).toBe(`/models/${written}`)
      if (await Promise.race([isOver, new Promise<false>((next) => setImmediate(() => next(false)))])) break
    }
    expect(errors).toBe('')
    expect(settings.read()).toEqual({ ...usual, speedLimitBytesPerSecond: 150, modelsFolder: `/models/${written}` })
  })

  test('are written where a process was killed while it wrote', () => {
    const file = join(folder, 'killed.json')
    mkdirSync(`${file}.lock`)
    openSettings(file).write({ offline: true })
    expect(openSettings(file).read().offline).toBe(true)
  })

  test.each([
    '',
    '{',
    'null',
    '[]',
    '7',
    '{"window":7}',
    '{"window":{"x":"1"}}',
    '{"window":{"x":0,"y":0,"width":-5,"height":1,"maximized":false}}',
    '{"window":null,"other":1}',
    '{"offline":"yes","connections":9,"proxy":7,"speedLimitBytesPerSecond":0,"modelsFolder":{}}',
  ])('that cannot be read are the defaults: %s', (text) => {
    const file = join(folder, 'damaged.json')
    writeFileSync(file, text)
    expect(openSettings(file).read()).toEqual(usual)
  })

  test('that are missing are the defaults', () => {
    expect(openSettings(join(folder, 'nowhere.json')).read()).toEqual(usual)
  })
})

describe('a window', () => {
  const main = { x: 0, y: 25, width: 1920, height: 1055 }
  const second = { x: 1920, y: 0, width: 1280, height: 1024 }

  test('opens in the middle of the main screen at first', () => {
    expect(placeWindow(null, [main, second])).toEqual({ x: 360, y: 153, width: 1200, height: 800 })
  })

  test('opens where it was, on either screen', () => {
    expect(placeWindow(place, [main, second])).toEqual({ x: 10, y: 25, width: 800, height: 600 })
    expect(placeWindow({ ...place, x: 2000, y: 100 }, [main, second])).toEqual({
      x: 2000,
      y: 100,
      width: 800,
      height: 600,
    })
  })

  test('opens in the middle when its screen is gone', () => {
    expect(placeWindow({ ...place, x: 2000, y: 100 }, [main])).toEqual({ x: 360, y: 153, width: 1200, height: 800 })
  })

  test('always has its smallest size and can be taken hold of', () => {
    const number = fc.integer({ min: -5000, max: 8000 })
    const size = fc.integer({ min: 1, max: 6000 })
    fc.assert(
      fc.property(
        fc.option(fc.record({ x: number, y: number, width: size, height: size, maximized: fc.boolean() })),
        (saved) => {
          const opened = placeWindow(saved, [main, second])
          const visible = [main, second].some(
            (area) =>
              Math.min(opened.x + opened.width, area.x + area.width) - Math.max(opened.x, area.x) >= 200 &&
              Math.min(opened.y + opened.height, area.y + area.height) - Math.max(opened.y, area.y) >= 100,
          )
          return visible && opened.width >= smallestWindow.width && opened.height >= smallestWindow.height
        },
      ),
      { numRuns: 3000 },
    )
  })
})

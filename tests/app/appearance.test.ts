// The window at its hardest: the smallest size it is made for, the largest letters, German, dark, from right to left and with high contrast. Nothing may
// stand beside the window, and no button behind something else. HEARTH_SCREENSHOTS names a folder for pictures of every page.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchApp, type RunningApp } from '../support/electronApp.ts'

let running: RunningApp
const pictures = process.env.HEARTH_SCREENSHOTS

beforeAll(async () => {
  running = await launchApp()
  await running.page.locator('.model-button-state', { hasText: 'ready' }).waitFor({ timeout: 90_000 })
})

afterAll(() => running[Symbol.asyncDispose]())

async function sized(width: number, height: number): Promise<void> {
  await running.app.evaluate(
    ({ BrowserWindow }, size) => {
      for (const window of BrowserWindow.getAllWindows()) {
        window.setMinimumSize(1, 1)
        window.setContentSize(size.width, size.height)
      }
    },
    { width, height },
  )
  await running.page.waitForFunction((wanted) => innerWidth === wanted, width)
}

interface Look {
  readonly language: 'en' | 'de'
  readonly direction: 'ltr' | 'rtl'
  readonly theme: 'light' | 'dark'
  readonly fontSize: 'usual' | 'largest'
  readonly contrast: 'system' | 'more'
}

/** As a person would have left it the last time. */
async function looking(look: Look): Promise<void> {
  const { page } = running
  await page.evaluate((kept) => localStorage.setItem('hearth.appearance', JSON.stringify(kept)), look)
  await page.reload()
  await page.locator('.model-button-state').waitFor()
  await page.waitForFunction(({ language, direction }) => {
    const { lang, dir } = document.documentElement
    return lang === language && dir === direction
  }, look)
}

/** What is wider than its place, and what can be pressed but stands outside the window; apart from what scrolls sideways by itself. */
const misplaced = (page: Page) =>
  page.evaluate(() => {
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className} ${(element.textContent ?? '').slice(0, 40)}`
    const scrolls = (element: Element) => element.closest('.table-scroll, .lineage-map, pre, [data-scrolls]') !== null
    const isSeen = (element: Element) => element.checkVisibility() && element.getClientRects().length > 0
    const boxes = [
      document.documentElement,
      ...document.querySelectorAll(
        'body, .shell, .topbar, .rail, .stage, .area, .page-nav, .page-scroll, main, dialog[open]',
      ),
    ]
    const wide = boxes.filter((box) => isSeen(box) && box.scrollWidth > box.clientWidth + 1)
    const outside = [...document.querySelectorAll('button, input, select, textarea, a, h1, h2, h3, p')].filter(
      (element) => {
        const { left, right, width } = element.getBoundingClientRect()
        return isSeen(element) && width > 1 && !scrolls(element) && (left < -1 || right > innerWidth + 1)
      },
    )
    const shown = document.querySelector('dialog[open]') ?? document.body
    const covered = [...shown.querySelectorAll('button, select')].filter((element) => {
      if (!isSeen(element) || scrolls(element) || element.getBoundingClientRect().width <= 1) return false
      element.scrollIntoView({ block: 'nearest' })
      const { left, top, width, height } = element.getBoundingClientRect()
      const hit = document.elementFromPoint(left + width / 2, top + height / 2)
      return hit === null || !(element.contains(hit) || hit.contains(element))
    })
    return [
      ...covered.map((element) => `covered by something else: ${name(element)}`),
      ...wide.map((box) => `wider than its place: ${name(box)} (${box.scrollWidth} > ${box.clientWidth})`),
      ...outside.map((element) => `outside the window: ${name(element)}`),
    ]
  })

/** Every area and page by their places, whatever the language calls them. */
async function eachPage(picture: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { page } = running
  const found: Record<string, readonly string[]> = {}
  const look = async (name: string) => {
    const wrong = await misplaced(page)
    if (wrong.length > 0) found[name] = wrong
    if (pictures === undefined) return
    mkdirSync(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, `${picture}-${name}.png`), animations: 'disabled', timeout: 60_000 })
  }
  const areas = page.locator('.rail .nav-button')
  for (let area = 0; area < (await areas.count()); area += 1) {
    await areas.nth(area).click()
    const pages = page.locator('.area:not([hidden]) .page-nav .nav-button')
    const count = await pages.count()
    if (count === 0) await look(`${area}`)
    for (let index = 0; index < count; index += 1) {
      await pages.nth(index).click()
      await page.locator('.page-scroll h1').waitFor()
      await look(`${area}-${index}`)
    }
  }
  await page.keyboard.press('F1')
  await page.locator('dialog[open]').waitFor()
  await look('shortcuts')
  await page.keyboard.press('Escape')
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
  return found
}

const looks = {
  hardest: { language: 'de', direction: 'rtl', theme: 'dark', fontSize: 'largest', contrast: 'more' },
  largest: { language: 'en', direction: 'ltr', theme: 'light', fontSize: 'largest', contrast: 'system' },
  usual: { language: 'de', direction: 'ltr', theme: 'light', fontSize: 'usual', contrast: 'system' },
} as const satisfies Readonly<Record<string, Look>>

test.each(Object.entries(looks))('%s: at 800 by 600 nothing is cut off or stands outside', async (name, look) => {
  await sized(800, 600)
  await looking(look)
  expect(await eachPage(name)).toEqual({})
})

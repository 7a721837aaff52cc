// A base model's text of 400,000 characters in the real window: typed into, scrolled, written on by a rehearsal at 200 tokens per second. Whatever is done, the
// coloured letters lie exactly where the text area has its own. Frame times are printed; what is asserted of them is only that the window was never stuck.
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualChatSettings } from '../../shared/chats/types.ts'
import { askMain } from '../support/askMain.ts'
import { chatNamed, messageIn, plainSampling } from '../support/chats.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { figures, recordedFrames, recordFrames, stuckFor, stuckMs } from '../support/frames.ts'

const tokensPerSecond = 200
const characters = 400_000
const paragraph = (number: number) =>
  `${number}: the fox of hill ${number} ran over the hill and saw a lazy dog that slept in the sun. `.repeat(4)
const places = [
  ['at its end', 1],
  ['in its middle', 0.5],
  ['at its beginning', 0],
] as const

let running: RunningApp

beforeAll(async () => {
  running = await launchApp({ arguments: [`--hearth-rehearsal=${tokensPerSecond}`] })
})

afterAll(() => running[Symbol.asyncDispose]())

const editor = (page: Page) => page.getByRole('textbox', { name: 'Document' })
const textOf = (page: Page) => editor(page).evaluate((area) => (area as HTMLTextAreaElement).value)

/** A chat with this document, a third of each of its parts written by a model; it is open. */
async function open(page: Page, text: string, parts: number, maxTokens = 64): Promise<void> {
  const models = await askMain(page, 'models.list')
  const model = models.find(({ manifest }) => manifest.variant === 'base')
  if (model === undefined) throw new Error('the bundled base model is listed')
  const { id, title, family, variant } = model.manifest
  const length = Math.floor(text.length / parts)
  const written = Array.from({ length: parts }, (_, index) => ({
    start: index * length + Math.floor(length / 3),
    end: (index + 1) * length,
    continuation: index + 1,
  }))
  const chat = chatNamed('A long text', { createdAtMs: Date.now(), updatedAtMs: Date.now() + 60_000 })
  const writer = { key: model.key, id, title, family, variant }
  const message = messageIn(chat.id, text, { role: 'document', written, scaffold: 'plain', writer })
  const sampling = { ...usualChatSettings.sampling, base: { ...plainSampling, seed: 1, maxTokens } }
  const settings = { ...usualChatSettings, modelKey: model.key, sampling }
  await askMain(page, 'chats.create', { chat: { ...chat, leafId: message.id, settings }, messages: [message] })
  await page.reload()
  await page.waitForFunction(
    (count) => [...document.querySelectorAll('textarea')].some(({ value }) => value.length === count),
    text.length,
  )
  await page.getByRole('button', { name: 'Continue', exact: true }).waitFor()
}

async function setCaret(page: Page, place: number): Promise<void> {
  await editor(page).evaluate((area, at) => {
    area.focus()
    ;(area as HTMLTextAreaElement).setSelectionRange(at, at)
  }, place)
}

/** As a reader's hand does: without one the surface stays at its end. */
async function scrollTo(page: Page, share: number): Promise<void> {
  await page.locator('.surface').evaluate((surface, at) => {
    surface.dispatchEvent(new WheelEvent('wheel', { deltaY: -1 }))
    surface.scrollTop = at * surface.scrollHeight
  }, share)
}

async function nextFrames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let count = 0; count < 3; count += 1) await new Promise((go) => requestAnimationFrame(go))
  })
}

/** At points of the view: the letters drawn there and those of the text area. */
async function lettersOf(page: Page): Promise<{ readonly seen: number; readonly differ: readonly string[] }> {
  await nextFrames(page)
  return await editor(page).evaluate((area) => {
    const { value, style } = area as HTMLTextAreaElement
    const view = area.closest('.surface')?.getBoundingClientRect() ?? new DOMRect()
    const drawn = [...document.querySelectorAll<HTMLElement>('.page-part')]
    const probe = document.querySelector('.page-probe > div')?.getBoundingClientRect().height ?? 0
    const height = probe / 64
    const padding = Number.parseFloat(getComputedStyle(area).paddingTop)
    const differ: string[] = []
    let seen = 0
    const lineOf = (y: number) => Math.floor((y - area.getBoundingClientRect().top - padding) / height)
    for (let line = lineOf(view.top) + 1; line < lineOf(view.bottom) - 1; line += 1) {
      const x = view.left + view.width / 3
      const y = area.getBoundingClientRect().top + padding + (line + 0.5) * height
      const own = document.caretPositionFromPoint(x, y)
      if (own?.offsetNode !== area) continue
      style.pointerEvents = 'none'
      for (const part of drawn) part.style.pointerEvents = 'auto'
      const other = document.caretPositionFromPoint(x, y)
      style.pointerEvents = ''
      for (const part of drawn) part.style.pointerEvents = ''
      const text =
        other?.offsetNode instanceof Text ? other.offsetNode.data.slice(other.offset, other.offset + 12) : '?'
      const theirs = value.slice(own.offset, own.offset + 12)
      const shared = Math.min(text.length, theirs.length)
      if (text.slice(0, shared) !== theirs.slice(0, shared)) differ.push(`${text} | ${theirs}`)
      seen += 1
    }
    return { seen, differ }
  })
}

async function expectSameLetters(page: Page): Promise<void> {
  const { seen, differ } = await lettersOf(page)
  expect(differ).toEqual([])
  expect(seen).toBeGreaterThan(5)
  expect(await page.locator('.page.is-plain').count()).toBe(0)
}

const longText = Array.from({ length: 1200 }, (_, number) => paragraph(number))
  .join('\n\n')
  .slice(0, characters)

test('typed into at its end, in its middle and at its beginning, and taken back', async () => {
  const { page } = running
  const startMs = Date.now()
  await open(page, longText, 4000)
  console.info(`frames: a document of ${characters} characters is open after ${Date.now() - startMs} ms`)
  await expectSameLetters(page)
  for (const [where, share] of places) {
    await setCaret(page, Math.floor(characters * share))
    await nextFrames(page)
    await recordFrames(page)
    for (const key of 'seven x') {
      await page.keyboard.press(key === ' ' ? 'Space' : key)
      await page.waitForTimeout(60)
    }
    const frames = await recordedFrames(page)
    console.info(`frames: typing ${where} ${figures(frames)}`)
    expect(stuckFor(page, frames)).toBeLessThan(stuckMs)
    expect(await textOf(page)).toHaveLength(characters + 7)
    await expectSameLetters(page)
    expect((await page.locator('.page-part').allTextContents()).join('')).toContain('seven x')
    await page.keyboard.press('Control+z')
    while ((await textOf(page)) !== longText) await page.keyboard.press('Control+z')
    await expectSameLetters(page)
  }
})

test('a composition of an input method appears where it is written', async () => {
  const { page } = running
  await setCaret(page, 200_000)
  const keys = await page.context().newCDPSession(page)
  const written = (text: string) => `${longText.slice(0, 200_000)}${text}${longText.slice(200_000)}`
  // Answered when it is on its way to the page.
  await keys.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
  await expect.poll(async () => (await textOf(page)) === written('にほん')).toBe(true)
  await expectSameLetters(page)
  expect((await page.locator('.page-part').allTextContents()).join('')).toContain('にほん')
  await keys.send('Input.insertText', { text: '日本' })
  await expect.poll(async () => (await textOf(page)) === written('日本')).toBe(true)
  await expectSameLetters(page)
})

test('the wheel scrolls it', async () => {
  const { page } = running
  await page.locator('.surface').hover()
  await recordFrames(page)
  for (let turn = 0; turn < 120; turn += 1) {
    await page.mouse.wheel(0, turn < 80 ? -900 : 700)
    await page.waitForTimeout(16)
  }
  const frames = await recordedFrames(page)
  console.info(`frames: scrolling a document ${figures(frames)}`)
  expect(stuckFor(page, frames)).toBeLessThan(stuckMs)
  await expectSameLetters(page)
})

test(`${tokensPerSecond} tokens per second are written at its end, also while its reader is elsewhere`, async () => {
  const { page } = running
  await open(page, longText, 4000, 1000)
  await recordFrames(page)
  // Looked for from before on: it is written within five seconds.
  await Promise.all([
    page.getByRole('button', { name: 'Stop' }).waitFor(),
    page.locator('.pen').waitFor(),
    page.getByRole('button', { name: 'Continue', exact: true }).click(),
  ])
  await page.locator('.surface').hover()
  await page.mouse.wheel(0, -30_000)
  await expectSameLetters(page)
  await page.getByRole('button', { name: 'Continue', exact: true }).waitFor({ timeout: 120_000 })
  const frames = await recordedFrames(page)
  console.info(`frames: streaming into a document ${figures(frames)}`)
  expect(stuckFor(page, frames)).toBeLessThan(stuckMs)
  await expectSameLetters(page)
  const text = await textOf(page)
  expect(text.startsWith(longText)).toBe(true)
  expect(text.length).toBeGreaterThan(characters + 3000)
  await setCaret(page, text.length)
  await page.keyboard.press('End')
  await page.locator('.surface').evaluate((surface) => surface.scrollTo({ top: surface.scrollHeight }))
  await expectSameLetters(page)
})

const arabic = 'رأى الثعلب الصغير كلبا نائما في الشمس 12 مرة. '
test.each([
  ['one paragraph', Array.from({ length: 300 }, (_, number) => paragraph(number)).join('')],
  ['right to left, with numbers', Array.from({ length: 400 }, (_, n) => `${n} ${arabic.repeat(4)}`).join('\n')],
  ['both directions in turn', Array.from({ length: 400 }, (_, n) => `${arabic}fox ${n} ${arabic}dog`).join('\n\n')],
  ['many empty lines', Array.from({ length: 9000 }, (_, n) => (n % 7 === 0 ? `${n} 🦊 é\u0301` : '')).join('\n')],
] as const)('a long text has its colours at every place: %s', async (_name, text) => {
  const { page } = running
  await open(page, text, 50)
  for (const share of [1, 0.7, 0.31, 0]) {
    await scrollTo(page, share)
    const { differ } = await lettersOf(page)
    expect(differ).toEqual([])
    expect(await page.locator('.page.is-plain').count()).toBe(0)
  }
})

test('a surface that is brought back to its end by a change of its size has its letters in the same frame', async () => {
  const { page } = running
  await open(page, longText, 4000)
  const gaps = await page.locator('.surface').evaluate(async (surface) => {
    const lower = (px: number) => {
      ;(surface as HTMLElement).style.maxHeight = `${surface.clientHeight - px}px`
    }
    const frame = () => new Promise((go) => requestAnimationFrame(go))
    // Without a reader's hand it still stays at its end, if its size has just changed: the clock stands from then on.
    const nowMs = performance.now()
    performance.now = () => nowMs
    lower(1)
    await frame()
    await frame()
    // While the window is new it is brought back.
    for (let quiet = 0; quiet < 5; quiet = surface.scrollTop > 0 ? 0 : quiet + 1) {
      surface.scrollTop = 0
      await frame()
    }
    const measure = () => {
      const view = surface.getBoundingClientRect()
      const part = document.querySelector('.page-part')?.getBoundingClientRect() ?? new DOMRect()
      return { isAtTop: surface.scrollTop < 1, above: part.top - view.top, below: view.bottom - part.bottom }
    }
    // The last observer that there is: it is called after those of the window, before anything is painted.
    return await new Promise<ReturnType<typeof measure>>((resolve) => {
      let calls = 0
      const observer = new ResizeObserver(() => {
        calls += 1
        if (calls === 1) {
          lower(40)
          return
        }
        observer.disconnect()
        Reflect.deleteProperty(performance, 'now')
        resolve(measure())
      })
      observer.observe(surface)
    })
  })
  expect(gaps.isAtTop).toBe(false)
  expect(gaps.above).toBeLessThan(60)
  expect(gaps.below).toBeLessThan(60)
  await expectSameLetters(page)
})

test('in a window of another width the lines are where they are then', async () => {
  const { page } = running
  await open(page, longText, 4000)
  await page.setViewportSize({ width: 1000, height: 700 })
  await expectSameLetters(page)
})

// The window with the bundled model on this machine's adapter: it writes what the plain forward says, stops, reloads, survives losing its device.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ModelManifest, manifestFileName, type Variant } from '../../shared/model.ts'
import { renderTurns } from '../../shared/prompts/renderTurns.ts'
import { type Oracle, openOracle } from '../support/bundledOracle.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { inferenceWorker } from '../support/workers.ts'

const family = resolve(import.meta.dirname, '../../resources/models/tinystories-15m')
const reference = resolve(import.meta.dirname, '../fixtures/reference/stories15M/expected.json')

let running: RunningApp
let oracle: Oracle

beforeAll(async () => {
  oracle = (await openVariant('base')).oracle
  running = await launchApp()
  await ready(running.page)
})

afterAll(() => running[Symbol.asyncDispose]())

/** A bundled model's manifest and what it must write. */
async function openVariant(variant: Variant): Promise<{ readonly manifest: ModelManifest; readonly oracle: Oracle }> {
  const folder = join(family, variant)
  expect(existsSync(join(folder, manifestFileName)), 'the bundled model').toBe(true)
  const { config } = JSON.parse(readFileSync(reference, 'utf8')) as { readonly config: unknown }
  const manifest = JSON.parse(readFileSync(join(folder, manifestFileName), 'utf8')) as ModelManifest
  return { manifest, oracle: await openOracle(folder, config, manifest.bosTokenId ?? 1) }
}

/** Waits until the model is loaded and nothing is being written. A command that cannot run keeps its button, so that the keyboard does too. */
const ready = (page: Page, command = 'Continue') =>
  page.locator('button:not([aria-disabled="true"])', { hasText: command }).waitFor({ timeout: 90_000 })
const text = (page: Page) => page.getByRole('textbox', { name: 'Document' }).inputValue()
const figures = (page: Page) => page.locator('.figures').textContent()

/** An answer is read as Markdown: its line breaks are not what was written. */
const words = (written: string | null) => written?.split(/\s+/).join(' ').trim()

async function prepare(page: Page, prompt: string, tokens: number, box = 'Document'): Promise<void> {
  await page.getByRole('textbox', { name: box }).fill(prompt)
  const temperature = page.getByRole('slider', { name: 'Temperature' })
  if (!(await temperature.isVisible())) await page.keyboard.press('Alt+p')
  await temperature.fill('0')
  await page.getByRole('slider', { name: 'Length' }).fill(`${tokens}`)
}

/** Until it is written. The page itself looks: where a model is fast, Stop has come and gone before anybody looks from here. */
async function write(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { promise, resolve } = Promise.withResolvers<void>()
    let began = false
    const observer = new MutationObserver(() => {
      const isWriting = [...document.querySelectorAll('button')].some((button) => button.textContent.includes('Stop'))
      if (began && !isWriting) {
        observer.disconnect()
        resolve()
      }
      began ||= isWriting
    })
    observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    Reflect.set(globalThis, 'written', promise)
  })
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.evaluate(() => Reflect.get(globalThis, 'written') as Promise<void>)
}

test.each([
  ['Once upon a time', 40],
  ['One day, a girl named Lily', 24],
  ['Tom had a red ball.', 24],
])('it continues “%s” as computed without web-llm and WebGPU', async (prompt, tokens) => {
  const { page } = running
  await prepare(page, prompt, tokens)
  await write(page)
  expect(await text(page)).toBe(oracle.continued(prompt, tokens))
  expect(await figures(page)).toMatch(
    new RegExp(`tokens per second · first after .* · ${tokens} tokens, length reached`),
  )
})

test('Esc stops it within one token', async () => {
  const { page } = running
  await prepare(page, 'Once upon a time', 128)
  // Counted in the worker: the page may still have pieces of text waiting for it when the key comes.
  const worker = await inferenceWorker(page)
  await worker.evaluate(() => {
    const state = { stopped: false, piecesAfterStop: 0 }
    Object.assign(globalThis, { state })
    const post = globalThis.postMessage.bind(globalThis)
    globalThis.postMessage = (message: { readonly kind: string }) => {
      if (state.stopped && message.kind === 'delta') state.piecesAfterStop += 1
      post(message)
    }
    addEventListener('message', ({ data }) => {
      if (data.kind === 'stop') state.stopped = true
    })
  })
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.waitForFunction(() => (document.querySelector('textarea')?.value.length ?? 0) > 30)
  await page.keyboard.press('Escape')
  await ready(page)
  const state = await worker.evaluate(() => Reflect.get(globalThis, 'state') as Record<string, unknown>)
  expect(state).toEqual({ stopped: true, piecesAfterStop: expect.toSatisfy((pieces) => pieces <= 1) })
  const [kept, said] = [await text(page), await figures(page)]
  // However many it were when the key came.
  const tokens = Number(/(\d+) tokens, stopped · /.exec(said ?? '')?.[1])
  expect(tokens).toBeGreaterThan(0)
  expect(kept.startsWith('Once upon a time')).toBe(true)
  expect(oracle.continued('Once upon a time', tokens).startsWith(kept)).toBe(true)
})

test('after a reload the model is loaded again and writes the same', async () => {
  const { page } = running
  await page.reload()
  await ready(page)
  await prepare(page, 'Once upon a time', 16)
  await write(page)
  expect(await text(page)).toBe(oracle.continued('Once upon a time', 16))
})

const followers = [
  {
    variant: 'instruct',
    command: 'Follow instruction',
    box: 'Instruction',
    says: 'Tell a story about a dog named Tim.',
  },
  {
    variant: 'chat',
    command: 'Send',
    box: 'Your message',
    says: 'Tell me a story about a girl named Lily and a cat.',
  },
] as const

test.each(followers)('switched to $variant, it replies as computed without web-llm and WebGPU', async (follower) => {
  const { page } = running
  const { manifest, oracle: own } = await openVariant(follower.variant)
  const tokens = 24
  await page.keyboard.press('ControlOrMeta+n')
  await page.getByRole('radio', { name: new RegExp(`^${follower.variant}:`, 'i') }).click()
  await page.getByRole('textbox', { name: follower.box }).fill(follower.says)
  await ready(page, follower.command)
  await prepare(page, follower.says, tokens, follower.box)
  await write(page)
  const pieces = renderTurns(manifest.prompt, [{ role: 'user', text: follower.says }])
  const answer = page.getByRole('article').last()
  const replied = own.replied(pieces, tokens)
  // It is read by a worker of its own, a moment later.
  await expect.poll(async () => words(await answer.locator('.message-body').textContent())).toBe(words(replied))
  expect(await answer.locator('.figures').textContent()).toContain(`${tokens} tokens, length reached`)
})

test('switched back to base, it continues text again', async () => {
  const { page } = running
  await page.getByRole('radio', { name: /^Base:/ }).click()
  await ready(page)
  await prepare(page, 'Once upon a time', 16)
  await write(page)
  expect(await text(page)).toBe(oracle.continued('Once upon a time', 16))
})

test('the page, its worker and the GPU reported no error', () => {
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

test('when the process behind the device dies, the text stays, the model comes back and the person is told', async () => {
  const { app, page } = running
  await prepare(page, 'Once upon a time', 16)
  await write(page)
  const before = await text(page)
  const killed = await app.evaluate(({ app: electronApp }) => {
    const gpu = electronApp.getAppMetrics().find(({ type }) => type === 'GPU')
    if (gpu !== undefined) process.kill(gpu.pid, 'SIGKILL')
    return gpu !== undefined
  })
  expect(killed).toBe(true)
  await page
    .getByText('The graphics device was lost, and the model has been loaded again.')
    .waitFor({ timeout: 90_000 })
  expect(await text(page)).toBe(before)
  await prepare(page, 'Once upon a time', 16)
  await write(page)
  expect(await text(page)).toBe(before)
})

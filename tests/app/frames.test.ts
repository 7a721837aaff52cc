// How smooth a long chat is, in the real window: 10,000 messages opened and scrolled by the wheel, and 200 tokens per second streamed into them. The stream
// is a rehearsal, so that its speed is known. Frame times are printed; what is asserted is only that the window was never stuck.
import type { Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualChatSettings } from '../../shared/chats/types.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { figures, recordedFrames, recordFrames, stuckFor, stuckMs } from '../support/frames.ts'

const messageCount = 10_000
const tokensPerSecond = 200
const streamedTokens = 1200
const chatId = crypto.randomUUID()

let running: RunningApp

beforeAll(async () => {
  running = await launchApp({ arguments: [`--hearth-rehearsal=${tokensPerSecond}`] })
  await createChat(running.page)
})

afterAll(() => running[Symbol.asyncDispose]())

test('a chat of 10,000 messages opens at its end, and the wheel scrolls it', async () => {
  const { page } = running
  const openedMs = await page
    .evaluate(() => performance.now())
    .then(async () => {
      const start = Date.now()
      await page.reload()
      await page.getByText(`Answer ${messageCount - 1}.`).waitFor()
      return Date.now() - start
    })
  const articles = await page.getByRole('article').count()
  expect(articles).toBeLessThan(60)
  const feed = page.getByRole('feed')
  await feed.hover()
  await recordFrames(page)
  for (let turn = 0; turn < 120; turn += 1) {
    await page.mouse.wheel(0, turn < 80 ? -900 : 450)
    await page.waitForTimeout(16)
  }
  const frames = await recordedFrames(page)
  // Chromium is still scrolling.
  const seen = async () => Number(await page.getByRole('article').first().getAttribute('aria-posinset'))
  await expect.poll(seen).toBeLessThan(messageCount - 100)
  console.info(
    `frames: page with the chat after ${openedMs} ms, ${articles} messages in it; scrolling ${figures(frames)}`,
  )
  expect(stuckFor(page, frames)).toBeLessThan(stuckMs)
})

test(`${tokensPerSecond} tokens per second stream into it`, async () => {
  const { page } = running
  await page.getByRole('button', { name: 'Jump to the newest' }).click()
  await page.getByRole('textbox', { name: 'Your message' }).fill('Go on.')
  await sendAndSee(page)
  await recordFrames(page)
  await page.getByRole('button', { name: 'Send' }).waitFor({ timeout: 60_000 })
  const frames = await recordedFrames(page)
  const last = page.getByRole('article').last()
  await last.getByText(/tokens per second/).waitFor()
  const distance = () =>
    page
      .getByRole('feed')
      .evaluate(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)
  // It follows what was written last in the frame in which that is laid out.
  await expect.poll(distance).toBeLessThan(40)
  console.info(`frames: ${await last.getByText(/tokens per second/).textContent()}; streaming ${figures(frames)}`)
  expect(stuckFor(page, frames)).toBeLessThan(stuckMs)
})

test('who scrolls up while it streams is left in peace', async () => {
  const { page } = running
  await page.getByRole('textbox', { name: 'Your message' }).fill('And on.')
  await sendAndSee(page)
  const feed = page.getByRole('feed')
  await feed.hover()
  await page.mouse.wheel(0, -400)
  const jump = page.getByRole('button', { name: 'Jump to the newest' })
  await jump.waitFor()
  const before = await seenAtRest(feed)
  await page.waitForTimeout(1000)
  const after = await seenAtRest(feed)
  expect(after.message).toBe(before.message)
  expect(Math.abs(after.topPx - before.topPx)).toBeLessThan(4)
  expect(await jump.isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Send' }).waitFor()
})

/** 'Stop' is looked for from before on: an answer is written within six seconds. */
async function sendAndSee(page: Page): Promise<void> {
  await Promise.all([page.getByRole('button', { name: 'Stop' }).waitFor(), page.keyboard.press('Enter')])
}

/** Which message a reader sees at a third of the height, and where it begins, once the wheel has moved it: that takes several frames. */
async function seenAtRest(feed: Locator): Promise<{ readonly message: string | null; readonly topPx: number }> {
  return await feed.evaluate(async (element) => {
    const look = () => {
      const box = element.getBoundingClientRect()
      const message = [...element.querySelectorAll('article')].find(
        (article) => article.getBoundingClientRect().bottom > box.top + box.height / 3,
      )
      const topPx = (message?.getBoundingClientRect().top ?? Number.NaN) - box.top
      return { message: message?.getAttribute('aria-posinset') ?? null, topPx }
    }
    let seen = look()
    for (let frames = 0; frames < 5; frames += 1) {
      await new Promise((go) => requestAnimationFrame(go))
      const now = look()
      if (now.message !== seen.message || now.topPx !== seen.topPx) frames = 0
      seen = now
    }
    return seen
  })
}

/** Written with the bundled chat model, questions and answers in turn, one after the other; the newest chat opens by itself. */
async function createChat(page: Page): Promise<void> {
  await page.evaluate(
    async ({ chatId: id, messageCount: count, settings: usual, maxTokens }) => {
      type Bridge = Record<string, (input: unknown) => Promise<{ ok: boolean; value: unknown; error?: unknown }>>
      const bridge = Reflect.get(globalThis, 'hearth') as Bridge
      const listed = (await bridge['models.list']?.(undefined)) ?? { value: [] }
      type Listed = readonly { key: string; manifest: { id: string; title: string; family: string; variant: string } }[]
      const model = (listed.value as Listed).find(({ manifest }) => manifest.variant === 'chat')
      if (model === undefined) throw new Error('the bundled chat model is listed')
      const { id: name, title, family, variant } = model.manifest
      const ids = Array.from({ length: count }, () => crypto.randomUUID())
      const words = 'The quick brown fox jumps over the lazy dog. '
      const messages = ids.map((messageId, index) => ({
        id: messageId,
        chatId: id,
        parentId: ids[index - 1] ?? null,
        role: index % 2 === 0 ? 'user' : 'assistant',
        text:
          index % 2 === 0
            ? `Question ${index}. ${words.repeat(index % 3)}`
            : `Answer ${index}. ${words.repeat(1 + (index % 9))}\n\n- **one**\n- two with \`code\`\n\n${words}`,
        input: '',
        written: [],
        scaffold: null,
        state: 'done',
        createdAtMs: Date.now(),
        writer: index % 2 === 0 ? null : { key: model.key, id: name, title, family, variant },
        figures: null,
        finish: index % 2 === 0 ? null : 'stop',
        seed: index % 2 === 0 ? null : 1,
      }))
      const usualSampling = {
        temperature: 0.7,
        topP: 0.9,
        maxTokens,
        seed: 1,
        frequencyPenalty: 0,
        presencePenalty: 0,
        repetitionPenalty: 1,
        stopStrings: [],
        jsonSchema: null,
        keepProbabilities: false,
      }
      const reply = await bridge['chats.create']?.({
        chat: {
          id,
          title: 'A long chat',
          folderId: null,
          isPinned: false,
          createdAtMs: Date.now(),
          updatedAtMs: Date.now() + 60_000,
          leafId: ids.at(-1),
          draft: { text: '', input: '' },
          settings: { ...usual, modelKey: model.key, sampling: { ...usual.sampling, chat: usualSampling } },
        },
        messages,
      })
      if (reply?.ok !== true) throw new Error(`the chat is kept: ${JSON.stringify(reply?.error)}`)
    },
    { chatId, messageCount, settings: usualChatSettings, maxTokens: streamedTokens },
  )
}

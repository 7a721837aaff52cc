// Chats in the real app, with the bundled models and the real file of chats: what was written is there after a restart, and after the app was killed.
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { askMain } from '../support/askMain.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'
import { inferenceWorkers } from '../support/workers.ts'

const home = temporaryFolder()
afterAll(() => rmSync(home, { recursive: true, force: true }))

const editor = ({ page }: RunningApp) => page.getByRole('textbox', { name: 'Document', exact: true })
const composer = ({ page }: RunningApp) => page.getByRole('textbox', { name: 'Your message' })
const ready = ({ page }: RunningApp, title: string) =>
  page.getByRole('button', { name: new RegExp(`In use: ${title}, ready`) }).waitFor({ timeout: 120_000 })

test('the first key has the bundled model go on with the story, and the text is there after a restart', async () => {
  let text = ''
  {
    await using running = await launchApp({ home })
    const { page } = running
    await ready(running, 'TinyStories 15M base')
    await expect.poll(() => editor(running).inputValue()).toBe('Once upon a time')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('button', { name: 'Stop' }).waitFor()
    await page.getByRole('button', { name: /^Continue/ }).waitFor({ timeout: 120_000 })
    text = await editor(running).inputValue()
    expect(text.length).toBeGreaterThan(100)
    expect(text).toMatch(/^Once upon a time/)
    expect(running.console.filter((line) => line.startsWith('error') || line.startsWith('pageerror'))).toEqual([])
  }
  await using again = await launchApp({ home })
  await ready(again, 'TinyStories 15M base')
  await expect.poll(() => editor(again).inputValue()).toBe(text)
})

test('what was typed last is there although the window was closed at once', async () => {
  {
    await using running = await launchApp({ home })
    await ready(running, 'TinyStories 15M base')
    await editor(running).fill('A text that nobody waited for.')
  }
  await using again = await launchApp({ home })
  await ready(again, 'TinyStories 15M base')
  await expect.poll(() => editor(again).inputValue()).toBe('A text that nobody waited for.')
})

test('an answer and a draft survive that the app is killed', async () => {
  const running = await launchApp({ home })
  const { page } = running
  await ready(running, 'TinyStories 15M base')
  await page.keyboard.press('Control+n')
  await page.keyboard.press('Alt+3')
  await ready(running, 'TinyStories 15M chat')
  // However soon the model comes to its end: nobody is told before the app is killed.
  for (const worker of await inferenceWorkers(page))
    await worker.evaluate(() => {
      const post = globalThis.postMessage.bind(globalThis)
      globalThis.postMessage = (event: { readonly kind: string }) => event.kind === 'done' || post(event)
    })
  await composer(running).fill('Tell me a long story about a little dog.')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Stop' }).waitFor()
  await composer(running).fill('and then')
  // Drafts and text reach the disk some time after they are there.
  const kept = async () => {
    const [newest] = (await askMain(page, 'chats.overview')).chats
    const { chat, messages } = await askMain(page, 'chats.open', { id: newest?.id ?? '' })
    const answer = messages.find(({ role }) => role === 'assistant')
    return { draft: chat.draft.text, hasWords: /\w+ \w+/.test(answer?.text ?? '') }
  }
  await expect.poll(kept, { timeout: 30_000 }).toEqual({ draft: 'and then', hasWords: true })
  running.app.process().kill('SIGKILL')
  await using again = await launchApp({ home })
  await ready(again, 'TinyStories 15M chat')
  await expect.poll(() => composer(again).inputValue()).toBe('and then')
  await expect
    .poll(() => again.page.getByRole('article').allTextContents())
    .toEqual([
      expect.stringContaining('Tell me a long story about a little dog.'),
      expect.stringMatching(/\w+ \w+.*Interrupted/),
    ])
})

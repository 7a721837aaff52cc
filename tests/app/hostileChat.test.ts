// A chat of hostile texts in the real window, title included: it is opened, scrolled through from end to start, and nothing happens but that it is shown.
import { expect, test } from 'vitest'
import type { Message } from '../../shared/chats/types.ts'
import { askMain } from '../support/askMain.ts'
import { chatNamed, messageIn } from '../support/chats.ts'
import { launchApp } from '../support/electronApp.ts'
import { hostileTexts } from '../support/hostileTexts.ts'
import { startListener } from '../support/listener.ts'

interface Watched {
  violations: string[]
  seen: Set<string>
}

test('a chat of hostile answers is shown and nothing else happens', async () => {
  await using listener = await startListener()
  await using running = await launchApp()
  const { page } = running
  const chat = chatNamed('<img src=x onerror=top.ran=1>\u202Egnp')
  const messages: Message[] = []
  for (const { text } of hostileTexts) {
    const own = text.replaceAll('evil.example', `127.0.0.1:${listener.port}`)
    // A lone surrogate cannot be kept; the page gets it in reading.test.ts.
    const role = messages.length % 8 === 0 ? 'user' : 'assistant'
    messages.push(messageIn(chat.id, own.toWellFormed(), { role, parentId: messages.at(-1)?.id ?? null }))
  }
  await askMain(page, 'chats.create', { chat: { ...chat, leafId: messages.at(-1)?.id ?? null }, messages })
  await page.reload()
  await page.evaluate(() => {
    const watched = globalThis as unknown as Watched
    watched.violations = []
    watched.seen = new Set()
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      watched.violations.push(`${violatedDirective} ${blockedURI}`)
    })
  })
  await page.getByText('<img src=x onerror=top.ran=1>', { exact: false }).first().click()
  await page.getByRole('radio', { name: 'Chat' }).click()
  await page.getByRole('feed').locator('.reading').first().waitFor()
  await page.getByRole('feed').evaluate(async (feed) => {
    const { seen } = globalThis as unknown as Watched
    const frame = () => new Promise((go) => requestAnimationFrame(go))
    const note = () => {
      for (const message of feed.querySelectorAll<HTMLElement>('[data-message]'))
        seen.add(message.dataset.message ?? '')
    }
    for (feed.scrollTop = feed.scrollHeight; feed.scrollTop > 0; feed.scrollTop -= 300) {
      for (let count = 0; count < 6; count += 1) await frame()
      note()
    }
    for (let count = 0; count < 60; count += 1) await frame()
    note()
  })
  const after = await page.evaluate(() => ({
    ran: Reflect.get(globalThis, 'ran'),
    violations: (globalThis as unknown as Watched).violations,
    seen: (globalThis as unknown as Watched).seen.size,
    url: location.href,
    title: document.title,
    forbidden: document.querySelectorAll(
      '#root :is(script, iframe, img, a[href], form, object, embed, style, link, meta)',
    ).length,
    hidden: /[\u202A-\u202E\u2066-\u2069]/.test(document.body.textContent ?? ''),
  }))
  console.info(`${after.seen} of ${messages.length} messages were in the page`)
  expect(after.seen).toBeGreaterThan(messages.length * 0.95)
  expect(after).toMatchObject({
    ran: undefined,
    violations: [],
    url: 'app://bundle/index.html',
    forbidden: 0,
    hidden: false,
  })
  expect(after.title).not.toMatch(/[\u202A-\u202E]/)
  expect(running.app.windows().length).toBe(1)
  expect(listener.arrivals).toEqual([])
  expect(running.console.filter((line) => line.startsWith('pageerror'))).toEqual([])
})

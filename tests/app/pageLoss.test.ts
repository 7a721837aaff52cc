// The page's process ends while a model writes: what was written is there when the page is back, and says that it was cut off.
import { expect, test } from 'vitest'
import { launchApp } from '../support/electronApp.ts'
import { inferenceWorkers } from '../support/workers.ts'

test('text that a model was writing when the page ended is kept and marked', async () => {
  await using running = await launchApp()
  const { page, app } = running
  // Its first text is open: nothing comes in the place of what is written now.
  await page
    .getByRole('button', { name: 'Continue', exact: true })
    .and(page.locator(':not([aria-disabled="true"])'))
    .waitFor({ timeout: 90_000 })
  await page.getByRole('radio', { name: /^Chat/ }).click()
  await page.getByRole('button', { name: /In use: .* chat, ready$/ }).waitFor({ timeout: 90_000 })
  // However fast the model is, its answer does not end before the page does: after some pieces it keeps the rest to itself.
  for (const worker of await inferenceWorkers(page))
    await worker.evaluate(() => {
      let pieces = 0
      const post = globalThis.postMessage.bind(globalThis)
      globalThis.postMessage = (message: { readonly kind: string }) => {
        if (message.kind === 'delta') pieces += 1
        if (pieces <= 10) post(message)
      }
    })
  const composer = page.getByRole('textbox', { name: 'Your message' })
  await composer.fill('Hello! Tell me a story about a dog.')
  await page.keyboard.press('Enter')
  const answer = () =>
    page.evaluate(async () => {
      const bridge = Reflect.get(globalThis, 'hearth')
      const overview = await bridge['chats.overview']()
      const open = await bridge['chats.open']({ id: overview.value.chats[0].id })
      const messages: readonly { role: string; text: string; state: string }[] = open.value.messages
      return messages.find(({ role }) => role === 'assistant') ?? null
    })
  await expect
    .poll(answer, { timeout: 60_000 })
    .toMatchObject({ state: 'streaming', text: expect.stringMatching(/\w/) })
  await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const loaded = new Promise<void>((resolve) => contents?.once('did-finish-load', () => resolve()))
    contents?.forcefullyCrashRenderer()
    await loaded
  })
  // Playwright lets go of a page that crashed; main still reaches the one that took its place.
  const seen = () =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript('document.body.innerText'),
    )
  await expect.poll(seen, { timeout: 60_000 }).toContain('Interrupted. What was written is kept.')
  expect(await seen()).toContain('Hello! Tell me a story about a dog.')
})

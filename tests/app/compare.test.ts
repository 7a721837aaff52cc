// The three bundled variants side by side on this machine's adapter: three answers in turn, one taken over, and the model that was in use again.
import { expect, test } from 'vitest'
import { drawLikeliest, messagesOf, modelReady, recordOf, send } from '../support/chatPanels.ts'
import { launchApp } from '../support/electronApp.ts'

test('three variants answer the same text, and one answer is taken over into the conversation', async () => {
  await using running = await launchApp()
  const { page } = running
  await modelReady(page, 'TinyStories 15M base')
  await page.keyboard.press('Alt+3')
  await modelReady(page, 'TinyStories 15M chat')
  await page.keyboard.press('Alt+c')
  await page.getByRole('textbox', { name: 'Text' }).fill('Tell a story about a cat.')
  await page.keyboard.press('ControlOrMeta+Enter')
  await page.getByText(/^Run 1 of 3: TinyStories 15M base/).waitFor()
  await page.getByRole('button', { name: 'Compare', exact: true }).waitFor({ timeout: 120_000 })
  const columns = page.locator('.compare-column')
  expect(await columns.count()).toBe(3)
  const texts = await columns.locator('.compare-text').allTextContents()
  expect(texts.every((text) => text.trim() !== '')).toBe(true)
  expect(new Set(texts).size).toBe(3)
  expect(await page.getByText(/tokens? per second/).count()).toBeGreaterThanOrEqual(3)
  await modelReady(page, 'TinyStories 15M chat')

  await page.getByText(/ % of the words stand in both\.$/).waitFor()
  await page.getByRole('button', { name: 'Take over the answer of TinyStories 15M instruct' }).click()
  await page.getByText('Taken over into the conversation').waitFor()
  const messages = await messagesOf(page)
  expect(messages.map(({ role, writer }) => [role, writer?.variant ?? null])).toEqual([
    ['user', null],
    ['assistant', 'instruct'],
  ])
  const answer = messages.find(({ role }) => role === 'assistant')
  expect((await recordOf(page, answer?.id ?? '')).writer.variant).toBe('instruct')

  // The conversation goes on with the model that was in use.
  await page.keyboard.press('Alt+c')
  await drawLikeliest(page, 16, false)
  await send(page, 'What happened then?')
  expect((await messagesOf(page)).at(-1)?.writer?.variant).toBe('chat')
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

// The bundled chat model in tokens: probabilities that are some, the likeliest token at temperature 0, another version from an alternative, the same text
// again with probabilities, and the prompt as it was read.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawLikeliest, inspectNewest, messagesOf, modelReady, recordOf, send } from '../support/chatPanels.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'

let running: RunningApp

beforeAll(async () => {
  running = await launchApp()
  await modelReady(running.page, 'TinyStories 15M base')
  await running.page.keyboard.press('Alt+3')
  await modelReady(running.page, 'TinyStories 15M chat')
})

afterAll(() => running[Symbol.asyncDispose]())

const written = () => running.page.getByRole('listbox', { name: 'Tokens of the answer' })

test('at temperature 0 each token is the likeliest of those that were kept, and their probabilities make up no more than 1', async () => {
  const { page } = running
  await drawLikeliest(page, 24, true)
  await send(page, 'Tell me about a cat.')
  const id = await inspectNewest(page)
  await written().waitFor()
  const { tokens, sampling, promptTokens } = await recordOf(page, id)
  expect([sampling.temperature, tokens?.length]).toEqual([0, 24])
  expect(promptTokens).toBeGreaterThan(8)
  for (const { id: tokenId, alternatives } of tokens ?? []) {
    expect(alternatives).toHaveLength(5)
    expect(alternatives[0]?.id).toBe(tokenId)
    const chances = alternatives.map(({ logProbability }) => (logProbability === null ? 0 : Math.exp(logProbability)))
    expect(chances.every((chance) => chance >= 0 && chance <= 1.0001)).toBe(true)
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeLessThanOrEqual(1.0001)
    expect(chances).toEqual(chances.toSorted((a, b) => b - a))
  }
  expect(await written().getByRole('option').first().getAttribute('aria-label')).toMatch(/ %, id \d+$/)
  expect(await page.getByText(/^Mean log probability/).textContent()).toMatch(/perplexity \d+\.\d+ over 24 tokens/)
})

test('the prompt that was sent is seen with its special token and as many tokens as the record counts', async () => {
  const { page } = running
  const { promptTokens } = await recordOf(page, await inspectNewest(page))
  await page.getByRole('radio', { name: 'What was sent' }).check({ force: true })
  const tokens = page.getByRole('listbox', { name: 'Tokens of the prompt' }).getByRole('option')
  await tokens.first().waitFor()
  expect(await tokens.first().getAttribute('aria-label')).toContain('special token')
  expect(await tokens.first().getAttribute('aria-setsize')).toBe(`${promptTokens}`)
  await page.getByRole('radio', { name: 'What it wrote' }).check({ force: true })
})

test('from an alternative another version is written, which begins with it', async () => {
  const { page } = running
  const id = await inspectNewest(page)
  const { tokens } = await recordOf(page, id)
  const index = 3
  await written().getByRole('option').nth(index).click()
  const choices = page.getByRole('button', { name: /^Write on from/ })
  await choices.first().click()
  // Which version it is, is said once it is whole.
  await page
    .getByRole('group', { name: 'Versions' })
    .getByText('2 of 2')
    .waitFor({ state: 'attached', timeout: 90_000 })
  const versions = (await messagesOf(page)).filter(({ role }) => role === 'assistant')
  expect(versions).toHaveLength(2)
  const before = (tokens ?? []).slice(0, index).map(({ text }) => text)
  const beginning = [...before, tokens?.[index]?.alternatives[1]?.text].join('').trim()
  expect(
    versions
      .find((message) => message.id !== id)
      ?.text.trim()
      .startsWith(beginning),
  ).toBe(true)
})

test('without probabilities the same text is written again, and they are added', async () => {
  const { page } = running
  await page.keyboard.press('Alt+t')
  await drawLikeliest(page, 16, false)
  await send(page, 'Tell me about a dog.')
  const id = await inspectNewest(page)
  const again = page.getByRole('button', { name: 'Write it again with probabilities' })
  await again.waitFor()
  const before = await messagesOf(page)
  await again.click()
  await written().waitFor({ timeout: 90_000 })
  // The window has them before the disk.
  await expect.poll(async () => (await recordOf(page, id)).tokens?.length).toBe(16)
  const { tokens } = await recordOf(page, id)
  expect(
    tokens
      ?.map(({ text }) => text)
      .join('')
      .trim(),
  ).toBe(before.find((message) => message.id === id)?.text.trim())
  const added = (await messagesOf(page)).filter((message) => before.every((known) => known.id !== message.id))
  expect(added.map(({ text }) => text)).toEqual([before.find((message) => message.id === id)?.text])
})

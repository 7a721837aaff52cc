// The three bundled variants side by side on this machine's adapter: all write at once what they write in turn, one answer is taken over, and the model that
// was in use is so again.
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { drawLikeliest, messagesOf, modelReady, recordOf, send } from '../support/chatPanels.ts'
import { launchApp } from '../support/electronApp.ts'

/** Three models in software, several times: where other programs work too, this takes minutes. */
const mostMs = 600_000

/** Follows the comparison from now on: what is said of it and of each column at each change of the page, and how many characters stand in the columns. */
async function watchColumns(page: Page): Promise<() => Promise<readonly Moment[]>> {
  const watched = await page.evaluateHandle(() => {
    const seen: Moment[] = []
    const look = () => {
      const columns = [...document.querySelectorAll('.compare-column')]
      if (columns.length > 0)
        seen.push({
          said: document.querySelector('.compare .panel-line > [role=status]')?.textContent ?? '',
          columns: columns.map((column) => ({
            state: column.querySelector(':scope > .field-hint')?.textContent ?? '',
            characters: column.querySelector('.compare-text')?.textContent?.length ?? 0,
          })),
        })
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
    return seen
  })
  return () => watched.jsonValue()
}

const pairs = [0, 1, 2].flatMap((one) =>
  [0, 1, 2].filter((other) => other !== one).map((other) => [one, other] as const),
)

interface Moment {
  readonly said: string
  readonly columns: readonly { readonly state: string; readonly characters: number }[]
}

/** The texts, once all is written. Whoever began has begun when its key or click is answered: the button is away until the end. */
async function compared(page: Page): Promise<readonly string[]> {
  await page.getByRole('button', { name: 'Compare', exact: true }).waitFor({ timeout: 120_000 })
  // What is not parsed yet stands there with the spaces that markdown leaves out.
  await expect.poll(() => page.locator('.compare-text .reading-plain').count()).toBe(0)
  return page.locator('.compare-text').allTextContents()
}

/** Compares and gives the three texts. */
async function textsOf(page: Page, way: 'At once' | 'One after another'): Promise<readonly string[]> {
  await page.getByRole('radio', { name: way, exact: true }).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  return compared(page)
}

test('three variants answer the same text, and one answer is taken over into the conversation', {
  timeout: mostMs,
}, async () => {
  await using running = await launchApp()
  const { page } = running
  await modelReady(page, 'TinyStories 15M base')
  await page.keyboard.press('Alt+3')
  await modelReady(page, 'TinyStories 15M chat')
  await page.keyboard.press('Alt+c')
  await page.getByRole('textbox', { name: 'Text' }).fill('Tell a story about a cat.')
  const seen = await watchColumns(page)
  await page.keyboard.press('ControlOrMeta+Enter')
  const texts = await compared(page)
  expect((await seen()).map(({ said }) => said)).toContainEqual(expect.stringMatching(/^3 models write at once/))
  const columns = page.locator('.compare-column')
  expect(await columns.count()).toBe(3)
  expect(texts.every((text) => text.trim() !== '')).toBe(true)
  expect(new Set(texts).size).toBe(3)
  expect(await page.getByText(/tokens? per second, while 2 others wrote/).count()).toBe(3)
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
  expect(answer?.figures?.decodeTokensPerSecond).toBe(0)

  // The conversation goes on with the model that was in use.
  await page.keyboard.press('Alt+c')
  await drawLikeliest(page, 16, false)
  await send(page, 'What happened then?')
  expect((await messagesOf(page)).at(-1)?.writer?.variant).toBe('chat')
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

test('at once and in turn the models write the same, the likeliest words as well as words drawn with a seed', {
  timeout: mostMs,
}, async () => {
  await using running = await launchApp()
  const { page } = running
  await modelReady(page, 'TinyStories 15M base')
  for (const temperature of ['0', '0.9']) {
    await page.keyboard.press('Alt+p')
    // Each kind of model has values of its own.
    for (const [index, variant] of ['base', 'instruct', 'chat'].entries()) {
      await page.keyboard.press(`Alt+${index + 1}`)
      await modelReady(page, `TinyStories 15M ${variant}`)
      await page.getByRole('textbox', { name: 'Seed' }).fill('7')
      await page.getByRole('slider', { name: 'Temperature' }).fill(temperature)
      await page.getByRole('slider', { name: 'Length' }).fill('48')
    }
    await page.keyboard.press('Alt+p')
    await page.keyboard.press('Alt+c')
    await page.getByRole('textbox', { name: 'Text' }).fill('Once upon a time there was a dog')
    const inTurn = await textsOf(page, 'One after another')
    const seen = await watchColumns(page)
    expect(await textsOf(page, 'At once')).toEqual(inTurn)
    expect(inTurn.every((text) => text.trim() !== '')).toBe(true)

    const moments = (await seen()).map(({ columns }) => columns)
    const writing = moments.map((columns) => columns.filter(({ state }) => state === 'writes').length)
    expect(Math.max(...writing)).toBe(3)
    // Each went on while each other one wrote.
    for (const [one, other] of pairs) {
      const during = moments.filter((columns) => [one, other].every((index) => columns[index]?.state === 'writes'))
      expect(new Set(during.map((columns) => columns[one]?.characters)).size).toBeGreaterThan(2)
    }
    await page.keyboard.press('Alt+c')
  }
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

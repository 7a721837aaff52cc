// What a test does with the panels beside a conversation in the real window.
import type { Page } from 'playwright'
import { expect } from 'vitest'
import type { PageChannel } from '../../renderer/ipc.ts'
import type { AnswerRecord, Message } from '../../shared/chats/types.ts'
import type { Input, Output, Reply } from '../../shared/ipc.ts'

/** A model is ready. */
export function modelReady(page: Page, title: string): Promise<void> {
  return page.getByText(`${title} is ready.`).waitFor({ state: 'attached', timeout: 90_000 })
}

/** Temperature 0 and a length, and whether probabilities are kept, in the panel, which is closed again. */
export async function drawLikeliest(page: Page, tokens: number, keepsProbabilities: boolean): Promise<void> {
  await page.keyboard.press('Alt+p')
  await page.getByRole('slider', { name: 'Temperature' }).fill('0')
  await page.getByRole('slider', { name: 'Length' }).fill(`${tokens}`)
  await page.getByRole('checkbox', { name: 'Keep probabilities' }).setChecked(keepsProbabilities)
  await page.keyboard.press('Alt+p')
}

/** Sends a message that nobody has sent before, and waits until the answer is there. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByRole('main').getByRole('textbox').last().fill(text)
  await page.keyboard.press('Enter')
  // From before the question is seen until the answer is whole. A short answer may be over before somebody looks for the button.
  await page.getByRole('article').filter({ hasText: text }).first().waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden', timeout: 90_000 })
}

/** Opens the tokens of the newest answer and gives its id. */
export async function inspectNewest(page: Page): Promise<string> {
  const choice = page.getByRole('combobox', { name: 'Tokens of' })
  if (!(await choice.isVisible())) await page.keyboard.press('Alt+t')
  await choice.locator('option').last().waitFor({ state: 'attached' })
  const ids = await choice
    .locator('option')
    .evaluateAll((all) => all.map((option) => option.getAttribute('value') ?? ''))
  await choice.selectOption(ids.at(-1) ?? '')
  return ids.at(-1) ?? ''
}

/** Asks main as the page does. */
async function ask<C extends PageChannel>(page: Page, channel: C, input: Input<C>): Promise<Output<C>> {
  const reply = (await page.evaluate(
    ([name, given]) => {
      const { hearth } = window as unknown as { readonly hearth: Readonly<Record<string, (input: unknown) => unknown>> }
      return hearth[name]?.(given)
    },
    [channel as string, input as unknown] as const,
  )) as Reply<Output<C>>
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value
}

/** The record of an answer, once it is on the disk: the window shows the end of an answer before that. */
export async function recordOf(page: Page, messageId: string): Promise<AnswerRecord> {
  let record: AnswerRecord | null = null
  await expect
    .poll(async () => (record = await ask(page, 'chats.record', { messageId })), { timeout: 20_000 })
    .not.toBeNull()
  if (record === null) throw new Error('the answer has a record')
  return record
}

/** All messages of the newest chat, once none of them is being written on the disk. */
export async function messagesOf(page: Page): Promise<readonly Message[]> {
  let messages: readonly Message[] = []
  const unfinished = async () => {
    const { chats } = await ask(page, 'chats.overview', undefined)
    messages = (await ask(page, 'chats.open', { id: chats[0]?.id ?? '' })).messages
    return messages.filter(({ state }) => state === 'streaming').length
  }
  await expect.poll(unfinished, { timeout: 20_000 }).toBe(0)
  return messages
}

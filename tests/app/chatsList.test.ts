// The list of chats in the real app: everything a person does with chats is on the disk when the app starts again, and menus work under the page's policy.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readChatsFile } from '../../shared/chats/import/readChatsFile.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'

const fixture = resolve(import.meta.dirname, '../fixtures/chats/conversations.json')
const home = temporaryFolder()
const saved = temporaryFolder()
let running: RunningApp

beforeAll(async () => {
  running = await launchApp({ home })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
})

const row = (page: Page, name: string) => page.getByRole('treeitem', { name: new RegExp(`^${name},`) })

/** What is typed goes there from now on. */
const focused = (page: Page, name: string) => page.getByRole('textbox', { name }).and(page.locator(':focus')).waitFor()

async function rows(page: Page): Promise<readonly string[]> {
  const labels = await page
    .getByRole('treeitem')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
  return labels.map((label) => label.replace(/,[^,]*$/, ''))
}

/** Lines of the console that the page's policy wrote about styles. */
const refusedStyles = () => running.console.filter((line) => /style/i.test(line) && /refused|violat/i.test(line))

test('a file of ChatGPT is taken in, and what is not is said', async () => {
  const { app, page } = running
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
  }, fixture)
  await page.getByRole('button', { name: 'Import chats' }).click()
  await page.getByText('2 chats with 9 messages taken in.').waitFor()
  await page.getByText('“Nothing” holds no text.').waitFor()
  await expect.poll(() => rows(page)).toEqual(expect.arrayContaining(['Pinned', 'Bees and home', 'A quote']))
})

test('a chat is made by writing, renamed, put into a new folder by its menu, and another pinned by key', async () => {
  const { page } = running
  await page.keyboard.press('Control+n')
  await page.getByRole('textbox', { name: 'Document' }).fill('Tulips flower in spring')
  await row(page, 'Tulips flower in spring').waitFor()
  await row(page, 'Tulips flower in spring').focus()
  await page.keyboard.press('F2')
  await focused(page, 'Name of the chat')
  await page.keyboard.type('Garden')
  await page.keyboard.press('Enter')
  await row(page, 'Garden').waitFor()
  await row(page, 'Garden').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Move to a folder' }).click()
  await page.getByRole('menuitem', { name: 'New folder' }).click()
  await focused(page, 'Name of the folder')
  await page.keyboard.type('Outside')
  await page.keyboard.press('Enter')
  await row(page, 'Outside').waitFor()
  await row(page, 'A quote').focus()
  await page.keyboard.press('p')
  await expect.poll(() => rows(page)).toEqual(['Pinned', 'A quote', 'Bees and home', 'Outside', 'Garden'])
  expect(refusedStyles()).toEqual([])
})

test('a deleted chat comes back', async () => {
  const { page } = running
  await row(page, 'Bees and home').focus()
  await page.keyboard.press('Delete')
  await row(page, 'Bees and home').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await row(page, 'Bees and home').waitFor()
  await row(page, 'A quote').focus()
  await page.keyboard.press('Delete')
  await row(page, 'A quote').waitFor({ state: 'detached' })
})

test('a message is found by its words, and text in it is marked', async () => {
  const { page } = running
  await page.getByRole('combobox', { name: 'Search all chats' }).fill('landmarks')
  await page.getByRole('option').filter({ hasText: 'By landmarks and the sun.' }).waitFor()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect.poll(() => row(page, 'Bees and home').getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('Control+f')
  await focused(page, 'Find in this chat')
  await page.keyboard.type('HOME')
  await page.getByText('2 of 2').waitFor()
  await expect.poll(() => page.evaluate(() => CSS.highlights.get('hearth-found-current')?.size)).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.evaluate(() => CSS.highlights.size)).toBe(0)
})

test('a chat is saved as files by the palette, and the JSON holds the whole tree', async () => {
  const { app, page } = running
  await app.evaluate(({ dialog }, folder) => {
    dialog.showSaveDialog = async (...given: unknown[]) => {
      const { defaultPath = '' } = given.at(-1) as { defaultPath?: string }
      return { canceled: false, filePath: `${folder}/${defaultPath}` }
    }
  }, saved)
  for (const [typed, chosen, name] of [
    ['export as markdown', /markdown/i, 'Bees and home.md'],
    ['export web page', /web page/i, 'Bees and home.html'],
    ['export json', /json/i, 'Bees and home.json'],
  ] as const) {
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('combobox').and(page.locator(':focus')).waitFor()
    await page.keyboard.type(typed)
    await page.getByRole('option', { name: chosen, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => readOrNull(join(saved, name)), { timeout: 10_000 }).not.toBeNull()
  }
  const read = (name: string) => readFileSync(join(saved, name), 'utf8')
  expect(read('Bees and home.md')).toContain('## gpt-4\n\n')
  expect(read('Bees and home.html')).toContain('<pre><code')
  expect(read('Bees and home.html')).not.toContain('<script')
  const { chats, skipped } = readChatsFile(read('Bees and home.json'))
  expect(skipped).toEqual([])
  expect(chats[0]?.messages).toHaveLength(7)
})

test('a chat is laid out whole before it is printed', async () => {
  const { app, page } = running
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    if (contents === undefined) throw new Error('a window')
    Object.assign(globalThis, { endPrint: null })
    contents.print = (_options, done) => {
      Object.assign(globalThis, { endPrint: () => done?.(true, '') })
    }
  })
  await page.keyboard.press('Control+p')
  // The system is asked to print when everything is laid out.
  await expect
    .poll(() => app.evaluate(() => (globalThis as unknown as { endPrint: unknown }).endPrint !== null))
    .toBe(true)
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.print-view').isVisible()).toBe(true)
  expect(await page.locator('.shell').isVisible()).toBe(false)
  expect(await page.locator('.print-view').textContent()).toContain('They stay at home.')
  await page.emulateMedia({ media: null })
  await app.evaluate(() => (globalThis as unknown as { endPrint: () => void }).endPrint())
  await page.locator('.print-view').waitFor({ state: 'detached' })
})

test('after a new start everything is as it was', async () => {
  const before = ['Pinned', 'Bees and home', 'Outside', 'Garden']
  // After printing the list is laid out anew.
  await expect.poll(() => rows(running.page)).toEqual(before)
  await running.page.keyboard.press('Control+b')
  await running.page.getByRole('treeitem').first().waitFor({ state: 'detached' })
  await running[Symbol.asyncDispose]()
  running = await launchApp({ home })
  const { page } = running
  // By then the list is known, and keys are heard.
  await page.getByRole('button', { name: /In use: .*, ready/ }).waitFor({ timeout: 120_000 })
  expect(await page.getByRole('treeitem').count()).toBe(0)
  await page.keyboard.press('Control+b')
  await expect.poll(() => rows(page)).toEqual(before)
})

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

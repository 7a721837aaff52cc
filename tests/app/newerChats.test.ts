// Chats that a newer Hearth wrote, in the real app: they are read and left as they are, and a temporary chat is written beside them.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { chatNamed, keptChats, messageIn } from '../support/chats.ts'
import { launchApp, temporaryFolder } from '../support/electronApp.ts'

test('chats of a newer Hearth are read, a temporary one is written, and the file stays as it was', async () => {
  const home = temporaryFolder()
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const file = join(home, 'chats', 'chats.db')
  const chat = chatNamed('Of tomorrow', { updatedAtMs: Date.now() })
  const message = messageIn(chat.id, 'Long ago there was a castle.', { role: 'document' })
  {
    using kept = keptChats({ folder: join(home, 'chats') })
    kept.create({ ...chat, leafId: message.id }, [message])
  }
  {
    using database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 999')
  }
  const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex')
  const before = hash()
  {
    await using running = await launchApp({ home })
    const { page } = running
    await page.getByText('A newer Hearth wrote the chats: this one can be read').waitFor()
    const editor = page.getByRole('textbox', { name: 'Document' })
    await expect.poll(() => editor.inputValue()).toBe('Long ago there was a castle.')
    await expect.poll(() => editor.getAttribute('readonly')).not.toBe(null)
    await page.getByText(/ is ready\.$/).waitFor({ timeout: 90_000 })
    expect(await page.getByRole('button', { name: 'Continue', exact: true }).getAttribute('aria-disabled')).toBe('true')
    const row = page.getByRole('treeitem', { name: /^Of tomorrow,/ })
    await row.click({ button: 'right' })
    expect(await page.getByRole('menuitem', { name: 'Delete' }).getAttribute('aria-disabled')).toBe('true')
    await page.keyboard.press('Escape')
    await page.getByRole('main').getByRole('button', { name: 'New temporary chat' }).click()
    await editor.fill('Once')
    await page.keyboard.press('Control+Enter')
    await page.getByText(/tokens per second · first after/).waitFor({ timeout: 90_000 })
    expect((await editor.inputValue()).length).toBeGreaterThan(10)
    expect(await page.getByRole('alert').allInnerTexts()).toEqual([expect.stringContaining('can be read, not changed')])
  }
  expect(hash()).toBe(before)
})

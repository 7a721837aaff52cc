// What a person deletes, in the real app: brought back as long as it runs, and in no file of the data folder after the next start.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { namesIn } from '../../electron/services/chats/places.ts'
import { askMain } from '../support/askMain.ts'
import { chatNamed, messageIn } from '../support/chats.ts'
import { filesWith } from '../support/chatsOnDisk.ts'
import { launchApp, temporaryFolder } from '../support/electronApp.ts'

const [secret, other] = ['unmistakablesecret', 'anothersecretword'] as const
const [kept, gone, goneToo] = [chatNamed('Kept'), chatNamed('Gone'), chatNamed('Gone, too')]

test('a deleted chat is in no file after the next start, and at once where a person asks for it', async () => {
  const home = temporaryFolder()
  const copies = () => namesIn(join(home, 'chats', 'backups')).filter((name) => /^chats-.*\.db$/.test(name))
  try {
    {
      await using running = await launchApp({ home })
      for (const [chat, text] of [
        [kept, 'what stays'],
        [gone, secret],
        [goneToo, other],
      ] as const)
        await askMain(running.page, 'chats.create', { chat, messages: [messageIn(chat.id, text)] })
    }
    {
      // There is something to copy now.
      await using running = await launchApp({ home })
      await expect.poll(copies, { timeout: 30_000 }).toHaveLength(1)
      await askMain(running.page, 'chats.remove', { ids: [gone.id] })
    }
    expect(filesWith(home, secret)).not.toEqual([])
    await using running = await launchApp({ home })
    const { page } = running
    await expect.poll(() => filesWith(join(home, 'chats'), secret), { timeout: 60_000 }).toEqual([])
    await askMain(page, 'chats.remove', { ids: [goneToo.id] })
    // The page listens for keys once it shows what main told it.
    await page.getByRole('treeitem', { name: /^Kept,/ }).waitFor()
    await page.keyboard.press('Control+3')
    await page.getByRole('button', { name: 'Storage' }).click()
    await page.getByRole('button', { name: 'Erase deleted chats for good now' }).click()
    await page.getByText('Erased from the file and from every copy.', { exact: true }).waitFor({ timeout: 60_000 })
    for (const text of [secret, other]) expect(filesWith(home, text)).toEqual([])
    expect((await askMain(page, 'chats.overview')).chats.map(({ title }) => title)).toEqual(['Kept'])
    expect(copies()).toHaveLength(1)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

// The process that keeps chats, in the real app: requests reach it, it can be killed at any moment, and it ends with the app as it should.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { namesIn } from '../../electron/services/chats/places.ts'
import { askMain, replyOfMain } from '../support/askMain.ts'
import { chatNamed, messageIn } from '../support/chats.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'

/** The process ids that the app gives a name. */
function processesNamed({ app }: RunningApp, name: string): Promise<readonly number[]> {
  return app.evaluate(
    ({ app: electron }, wanted) =>
      electron
        .getAppMetrics()
        .flatMap(({ name: given, serviceName, pid }) => (given === wanted || serviceName === wanted ? [pid] : [])),
    name,
  )
}

test('chats are there in the next run, and the file was closed', async () => {
  const home = temporaryFolder()
  const chat = chatNamed('Kept')
  const message = messageIn(chat.id, 'Once upon a time')
  {
    await using running = await launchApp({ home })
    await askMain(running.page, 'chats.create', { chat, messages: [message] })
  }
  // A copy may have been made already.
  const names = readdirSync(join(home, 'chats')).filter((name) => name !== 'backups')
  expect(names.sort()).toEqual(['chats.db', 'lock.db'])
  await using running = await launchApp({ home })
  const { chats, notice } = await askMain(running.page, 'chats.overview')
  expect(chats).toMatchObject([{ id: chat.id, title: 'Kept', messages: 1 }])
  expect(notice).toEqual({ kind: 'none' })
  expect((await askMain(running.page, 'chats.open', { id: chat.id })).messages).toEqual([message])
  // There is something to copy now.
  await expect
    .poll(() => namesIn(join(home, 'chats', 'backups')), { timeout: 30_000 })
    .toEqual([expect.stringMatching(/^chats-\d{4}-.*\.db$/)])
})

test('what was asked before the app ends is on the disk, however busy the process is', async () => {
  const home = temporaryFolder()
  try {
    const chat = chatNamed('Asked last')
    {
      const running = await launchApp({ home })
      await askMain(running.page, 'chats.overview')
      const [pid] = await processesNamed(running, 'Hearth chats')
      if (pid === undefined) throw new Error('no process keeps chats')
      // It does nothing until it is let go on, as if it waited for a disk.
      process.kill(pid, 'SIGSTOP')
      await running.page.evaluate(
        (input) => {
          const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => unknown>
          bridge['chats.create']?.(input)
        },
        { chat, messages: [messageIn(chat.id, 'Once upon a time')] },
      )
      const windowClosed = running.page.waitForEvent('close')
      const appClosed = running[Symbol.asyncDispose]()
      await windowClosed
      process.kill(pid, 'SIGCONT')
      await appClosed
    }
    expect(readdirSync(join(home, 'chats'))).not.toContain('chats.db-wal')
    await using running = await launchApp({ home })
    expect((await askMain(running.page, 'chats.overview')).chats).toMatchObject([{ id: chat.id, title: 'Asked last' }])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('killed while an answer comes in, the process starts again, and no part is lost or comes twice', async () => {
  await using running = await launchApp()
  const { page } = running
  const chat = chatNamed('')
  const answer = messageIn(chat.id, '', { role: 'assistant', state: 'streaming' })
  await askMain(page, 'chats.create', { chat, messages: [answer] })
  const models = await processesNamed(running, 'Hearth models')
  const [before] = await processesNamed(running, 'Hearth chats')
  if (before === undefined) throw new Error('no process keeps chats')
  // In parts, as they come from a model.
  const streaming = page.evaluate(async (id) => {
    const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<{ ok: boolean }>>
    const written: string[] = []
    for (let length = 0; Reflect.get(globalThis, 'isEnough') !== true; ) {
      const text = `word ${length} `
      const reply = await bridge['chats.append']?.({ id, at: length, text })
      if (reply?.ok !== true) return { written: written.join(''), reply }
      written.push(text)
      length += text.length
      Reflect.set(globalThis, 'parts', written.length)
    }
    return { written: written.join(''), reply: null }
  }, answer.id)
  const parts = () => page.evaluate(() => Number(Reflect.get(globalThis, 'parts')))
  await expect.poll(parts, { timeout: 30_000 }).toBeGreaterThan(50)
  process.kill(before, 'SIGKILL')
  // It goes on with another process, and the window notices nothing.
  const partsThen = await parts()
  await expect
    .poll(async () => await processesNamed(running, 'Hearth chats'), { timeout: 30_000 })
    .not.toContain(before)
  await expect.poll(parts, { timeout: 30_000 }).toBeGreaterThan(partsThen + 50)
  await page.evaluate(() => void Reflect.set(globalThis, 'isEnough', true))
  const { written, reply } = await streaming
  expect(reply).toBeNull()
  const { messages } = await askMain(page, 'chats.open', { id: chat.id })
  expect(messages).toMatchObject([{ id: answer.id, state: 'interrupted' }])
  expect(messages[0]?.text).toBe(written)
  const after = await processesNamed(running, 'Hearth chats')
  expect(after).toHaveLength(1)
  expect(after).not.toEqual([before])
  expect(await processesNamed(running, 'Hearth models')).toEqual(models)
})

test('what was removed can be restored after the process was killed, and not after the app has started again', async () => {
  const home = temporaryFolder()
  try {
    const [first, second] = [chatNamed('first'), chatNamed('second')]
    {
      await using running = await launchApp({ home })
      const { page } = running
      for (const chat of [first, second]) await askMain(page, 'chats.create', { chat, messages: [] })
      await askMain(page, 'chats.remove', { ids: [first.id, second.id] })
      const [pid] = await processesNamed(running, 'Hearth chats')
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
      // Until the end of the process is known, a request may still go to it.
      await expect
        .poll(async () => (await replyOfMain(page, 'chats.restore', { ids: [first.id] })).ok, { timeout: 30_000 })
        .toBe(true)
      expect((await askMain(page, 'chats.overview')).chats.map(({ title }) => title)).toEqual(['first'])
    }
    await using running = await launchApp({ home })
    await askMain(running.page, 'chats.restore', { ids: [second.id] })
    expect((await askMain(running.page, 'chats.overview')).chats.map(({ title }) => title)).toEqual(['first'])
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('texts are saved where the person says, chats come from the file they choose, and links open in one place', async () => {
  await using running = await launchApp()
  const { app, page, home } = running
  const saved = join(home, 'saved.json')
  await app.evaluate(({ dialog, shell }, path) => {
    const seen: unknown[] = []
    Reflect.set(globalThis, 'seen', seen)
    dialog.showSaveDialog = (async (...given: unknown[]) => {
      seen.push((given.at(-1) as { defaultPath: string }).defaultPath)
      return { canceled: false, filePath: path }
    }) as never
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] })
    dialog.showMessageBox = (async (...given: unknown[]) => {
      seen.push((given.at(-1) as { message: string }).message)
      return { response: seen.length > 3 ? 1 : 0, checkboxChecked: false }
    }) as never
    shell.openExternal = async (address: string) => void seen.push(`opened ${address}`)
  }, saved)
  const chat = { ...chatNamed('Airships'), createdAtMs: 1, updatedAtMs: 1 }
  const text = JSON.stringify([
    {
      ...{ title: chat.title, create_time: 1, update_time: 1, current_node: 'a', id: 'x' },
      mapping: {
        a: {
          ...{ id: 'a', parent: null, children: [] },
          message: {
            id: 'a',
            author: { role: 'user' },
            create_time: 1,
            content: { content_type: 'text', parts: ['Hello'] },
          },
        },
      },
    },
  ])
  expect(await askMain(page, 'files.save', { name: '../Air: ships', kind: 'json', text })).toBe(true)
  expect(readFileSync(saved, 'utf8')).toBe(text)
  expect(await askMain(page, 'chats.import')).toMatchObject({ chats: 1, messages: 1 })
  expect((await askMain(page, 'chats.overview')).chats).toMatchObject([{ title: 'Airships' }])
  expect(await askMain(page, 'links.open', { address: 'https://example.org/a' })).toBe(true)
  expect(await askMain(page, 'links.open', { address: 'http://exаmple.org' })).toBe(true)
  expect(await askMain(page, 'links.open', { address: 'http://example.org' })).toBe(false)
  expect(await askMain(page, 'links.open', { address: 'javascript:alert(1)' })).toBe(false)
  expect(await app.evaluate(() => Reflect.get(globalThis, 'seen') as unknown)).toEqual([
    'Air ships.json',
    'opened https://example.org/a',
    'Open a page of xn--exmple-4nf.org?',
    'opened http://xn--exmple-4nf.org/',
    'Open a page of example.org?',
  ])
})

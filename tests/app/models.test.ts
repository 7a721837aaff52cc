// A model from nowhere to its first words and away again, in the real app and by keyboard alone: looked at, installed from a Hub, chosen in the switcher,
// written with, checked, deleted.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Channel, Input } from '../../shared/ipc.ts'
import { type LocalHub, startLocalHub } from '../hub/localHub.ts'
import { askMain } from '../support/askMain.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { repository } from '../support/installRig.ts'
import { enter, tabTo } from '../support/keyboard.ts'
import { referenceCheckpoint, smallTokenizer } from '../support/referenceCheckpoint.ts'

const name = 'test/llama-bf16-sharded'
const shard = 'model-00002-of-00002.safetensors'

let hub: LocalHub
let running: RunningApp

beforeAll(async () => {
  const files = await referenceCheckpoint('llama-bf16-sharded')
  hub = await startLocalHub({ repositories: [repository(name, { ...files, 'tokenizer.json': tokenizer() })] })
  running = await launchApp({ hub: hub.state.hubOrigin })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

/** The checkpoint's beginning and end of text are tokens of their own, as in a real tokenizer. */
function tokenizer(): string {
  const small = smallTokenizer()
  const [unknown] = small.added_tokens
  const marks = ['<unk>', '<s>', '</s>'].map((content, id) => ({ ...unknown, id, content, special: true }))
  return JSON.stringify({ ...small, added_tokens: marks })
}

const ask = <C extends Channel>(channel: C, input?: Input<C>) => askMain(running.page, channel, input)
const press = (keys: string) => running.page.keyboard.press(keys)
const button = (name: string | RegExp) => running.page.getByRole('button', { name })
const heading = (name: string | RegExp) => running.page.getByRole('heading', { level: 1, name })
const installed = async () => (await ask('models.list')).filter(({ bundled }) => !bundled)

test('a repository is looked at before anything of it is kept', async () => {
  const { page } = running
  await button(/In use: .*, ready$/).waitFor({ timeout: 90_000 })
  await press('ControlOrMeta+2')
  await heading('Browse models').waitFor()
  await tabTo(page, page.getByRole('textbox', { name: /^Repository, address/ }))
  await page.keyboard.type(name)
  await press('Enter')
  await page.getByText('Hearth can compile it').waitFor()
  expect(await installed()).toEqual([])
})

test('it is installed, and its progress is seen meanwhile', async () => {
  const { page } = running
  // The second shard waits until its progress was seen: after the look at its header.
  const held = Promise.withResolvers<void>()
  let times = 0
  hub.fault = ({ url }, response) => {
    if (!url.includes(shard) || ++times < 2) return false
    void held.promise.then(() => response.writeHead(503).end())
    return true
  }
  const install = page.getByRole('button', { name: 'Install', exact: true })
  await enter(page, install.and(page.locator(':not([aria-disabled="true"])')))
  await enter(page, button('Show in downloads'))
  await heading('Downloads').waitFor()
  const job = page.getByRole('listitem', { name: `Installation: ${name}` })
  await job.getByRole('progressbar', { name: 'Download' }).waitFor()
  await job.getByText(/Downloading/).waitFor()
  await button(/^Downloads: 1 in progress/).waitFor()
  hub.fault = null
  held.resolve()
  await job.getByText('Installed').waitFor({ timeout: 60_000 })
  expect((await installed()).map(({ manifest }) => manifest.id)).toEqual([name])
})

test('it is chosen in the switcher and writes', async () => {
  const { page } = running
  const [model] = await installed()
  const title = model?.manifest.title ?? ''
  await press('ControlOrMeta+l')
  await page.getByRole('option', { name: title }).waitFor()
  await page.keyboard.type(title)
  await page.getByRole('option', { name: title, selected: true }).waitFor()
  await press('Enter')
  await button(new RegExp(`In use: ${title}, ready$`)).waitFor({ timeout: 90_000 })
  const editor = page.getByRole('textbox', { name: 'Document' })
  const before = await editor.inputValue()
  await press('ControlOrMeta+Enter')
  await expect.poll(() => editor.inputValue(), { timeout: 60_000 }).not.toBe(before)
  await press('Escape')
  await button(new RegExp(`In use: ${title}, ready$`)).waitFor()
})

test('it is checked byte by byte and deleted, and the model that came with the app takes its place', async () => {
  const { page } = running
  const [model] = await installed()
  const title = model?.manifest.title ?? ''
  await press('ControlOrMeta+2')
  await enter(
    page,
    page.getByRole('navigation', { name: 'Pages of Models' }).getByRole('button', { name: 'Installed' }),
  )
  await heading('Installed models').waitFor()
  const card = page.getByRole('listitem', { name: title })
  await tabTo(page, card.getByRole('button', { name: `Verify now: ${title}` }))
  await press('v')
  await card.getByText(/^Checked/).waitFor({ timeout: 60_000 })
  const record = (await ask('models.records')).find(({ key }) => key === model?.key)
  expect(record).toMatchObject({ damage: [], lastVerifiedAtMs: expect.any(Number), lastUsedAtMs: expect.any(Number) })
  await press('Delete')
  await enter(page, page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }))
  await page.getByText(`${title} is deleted;`).waitFor()
  expect(await installed()).toEqual([])
  await button(/In use: TinyStories.*, ready$/).waitFor({ timeout: 90_000 })
})

test('nothing of it left an error in the console', () => {
  expect(running.console.filter((line) => /^(error|pageerror)/.test(line))).toEqual([])
})

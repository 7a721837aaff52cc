// The application menu of the real app speaks the language that a person chose, also after a restart, and keeps its accelerators.
import { rmSync } from 'node:fs'
import type { Menu as ElectronMenu } from 'electron'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { askMain } from '../support/askMain.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'

const home = temporaryFolder()
const launch = (system: 'en_US' | 'de_AT' = 'en_US') =>
  launchApp({ home, environment: { LANGUAGE: '', LANG: `${system}.UTF-8`, LC_ALL: `${system}.UTF-8` } })
let running: RunningApp

beforeAll(async () => {
  running = await launch()
}, 120_000)
afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

interface Item {
  readonly label: string
  readonly role: string
  readonly accelerator: string
}

/** The menu as it stands, bar first. */
function menuOf(): Promise<readonly Item[]> {
  return running.app.evaluate(({ Menu }) => {
    const items = (menu: ElectronMenu | null | undefined): Item[] =>
      (menu?.items ?? [])
        .filter(({ type }) => type !== 'separator')
        .flatMap((item) => {
          const { label, role, accelerator } = item
          const ofRole = (item as { readonly getDefaultRoleAccelerator?: () => unknown }).getDefaultRoleAccelerator
          return [
            { label, role: String(role), accelerator: String(accelerator ?? ofRole?.call(item) ?? '') },
            ...items(item.submenu),
          ]
        })
    return items(Menu.getApplicationMenu())
  })
}

const barAndEdit = async () => {
  const named = new Map((await menuOf()).map(({ role, label }) => [role, label]))
  return ['undo', 'copy', 'zoomin', 'quit'].map((role) => named.get(role))
}
const english = ['Undo', 'Copy', 'Zoom In', 'Quit Hearth']
const german = ['Rückgängig', 'Kopieren', 'Vergrößern', 'Hearth beenden']

/** What the dialogs say that a link and an import open; nobody agrees to anything. */
async function dialogs(): Promise<readonly string[]> {
  await running.app.evaluate(({ dialog }) => {
    const said: string[] = []
    Reflect.set(globalThis, 'said', said)
    const optionsOf = (given: readonly unknown[]) =>
      given.at(-1) as { readonly title?: string; readonly message?: string; readonly buttons?: readonly string[] }
    dialog.showMessageBox = async (...given: unknown[]) => {
      said.push(optionsOf(given).message ?? '', optionsOf(given).buttons?.[0] ?? '')
      return { response: 1, checkboxChecked: false }
    }
    dialog.showOpenDialog = async (...given: unknown[]) => {
      said.push(optionsOf(given).title ?? '')
      return { canceled: true, filePaths: [] }
    }
  })
  await askMain(running.page, 'links.open', { address: 'http://example.org/' })
  await askMain(running.page, 'chats.import')
  return await running.app.evaluate(() => Reflect.get(globalThis, 'said') as readonly string[])
}

/** By its place: system, English, German. */
async function choose(place: 0 | 1 | 2): Promise<void> {
  await running.page.locator('fieldset.choices').first().locator('input').nth(place).check()
}

async function openAppearance(): Promise<void> {
  const { page } = running
  await page.locator('nav button').nth(2).click()
  await page.locator('nav').nth(1).locator('button').nth(1).click()
  await page.locator('fieldset.choices').first().waitFor()
}

test('the menu follows the choice of a language at once and after a restart, else the system, with the accelerators it had', async () => {
  await openAppearance()
  const before = await menuOf()
  expect(await barAndEdit()).toEqual(english)
  expect(before.find(({ role }) => role === 'copy')?.accelerator).toMatch(/C$/)
  await choose(2)
  await vi.waitFor(async () => expect(await barAndEdit()).toEqual(german), 30_000)
  const without = (items: readonly Item[]) => items.map(({ role, accelerator }) => ({ role, accelerator }))
  expect(without(await menuOf())).toEqual(without(before))
  expect(await dialogs()).toEqual(['Eine Seite von example.org öffnen?', 'Im Browser öffnen', 'Eine Datei mit Chats'])
  await running[Symbol.asyncDispose]()
  running = await launch()
  await vi.waitFor(async () => expect(await barAndEdit()).toEqual(german), 30_000)
  await openAppearance()
  await choose(0)
  await vi.waitFor(async () => expect(await menuOf()).toEqual(before), 30_000)
  await running[Symbol.asyncDispose]()
  running = await launch('de_AT')
  await running.page.waitForFunction(() => document.documentElement.lang === 'de')
  expect(await barAndEdit()).toEqual(german)
})

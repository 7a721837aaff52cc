import { mkdirSync } from 'node:fs'
import { test } from 'vitest'
import { launchApp } from '../support/electronApp.ts'

const out = '/tmp/talk-shots'
mkdirSync(out, { recursive: true })

test('shots', async () => {
  await using running = await launchApp()
  const { page, app } = running
  const size = (width: number, height: number) =>
    app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w as number, h as number), [width, height])
  const shot = async (name: string) => {
    for (const [w, h] of [[1200, 800], [800, 600]] as const) {
      await size(w, h)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await page.waitForTimeout(250)
        await page.screenshot({ path: `${out}/${name}-${w}-${colorScheme}.png` })
      }
    }
  }
  await page.getByText('TinyStories 15M base is ready.').waitFor({ state: 'attached', timeout: 60000 })
  await shot('base')
  await page.keyboard.press('Control+Enter')
  await page.getByText(/Finished after/).waitFor({ state: 'attached', timeout: 60000 })
  await shot('base-written')
  await page.keyboard.press('Alt+3')
  await page.getByText('TinyStories 15M chat is ready.').waitFor({ state: 'attached', timeout: 60000 })
  await shot('chat-after-base')
  await page.getByRole('textbox', { name: 'Your message' }).fill('Hello! Can you tell me a story about a little dog?')
  await shot('chat-draft')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(1200)
  await page.screenshot({ path: `${out}/chat-writing.png` })
  await page.getByText(/(Finished|Stopped) after/).waitFor({ state: 'attached', timeout: 60000 })
  await shot('chat')
  console.info(running.console.filter((line) => /error|warn/i.test(line)).join('\n'))
}, 180000)

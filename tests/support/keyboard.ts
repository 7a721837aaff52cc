// The window by keyboard alone.
import type { Locator, Page } from 'playwright'

/** More places than any page has. */
const mostPlaces = 400

/** Presses Tab until the target has the focus, as somebody without a mouse does. Rejects where no Tab leads there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor()
  for (let press = 0; press < mostPlaces; press += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return
  }
  throw new Error(`no Tab leads to ${target}`)
}

/** Goes there and presses Enter. */
export async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press('Enter')
}

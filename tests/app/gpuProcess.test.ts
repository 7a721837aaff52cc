// The GPU process killed again and again while a model writes, in the real app: the text stays, the model comes back, main goes on.
import { expect, test } from 'vitest'
import { launchApp, type RunningApp } from '../support/electronApp.ts'

const kills = 10

/** Kills the GPU process that there is; its pid. */
async function killGpuProcess({ app }: RunningApp): Promise<number> {
  const pid = await app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid ?? 0,
  )
  if (pid !== 0) process.kill(pid, 'SIGKILL')
  return pid
}

test(`${kills} of ${kills} killed GPU processes: the text so far stays, the model writes again, main goes on`, async () => {
  await using running = await launchApp()
  const { page, app } = running
  const mainPid = app.process().pid
  const go = page.getByRole('button', { name: 'Continue', exact: true })
  const text = page.getByRole('textbox', { name: 'Document' })
  const retry = page.getByRole('button', { name: 'Try again' })
  const reloaded = page.getByText('The graphics device was lost, and the model has been loaded again.')
  // Continue alone says nothing: what is asked of a model that is not ready waits for it.
  const ready = () => page.getByRole('button', { name: /In use: .*, ready$/ }).waitFor({ timeout: 120_000 })
  const killed: number[] = []
  let again = 0
  for (let time = 0; time < kills; time += 1) {
    await ready()
    // Begun anew each time: a story that came to its end is continued by nothing.
    const before = `Once upon a time there were ${time + 2} cats`
    await text.fill(before)
    await go.click()
    // The model is writing when it happens.
    let seen = ''
    await expect
      .poll(
        async () => {
          seen = await text.inputValue()
          return seen.length
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(before.length)
    const pid = await killGpuProcess(running)
    expect(pid).toBeGreaterThan(0)
    killed.push(pid)
    // It comes back by itself, or, after three losses in five minutes, when a person asks.
    await reloaded.or(retry).first().waitFor({ timeout: 120_000 })
    if (await retry.isVisible()) {
      again += 1
      await retry.click()
    }
    expect((await text.inputValue()).startsWith(seen)).toBe(true)
  }
  await ready()
  const last = await text.inputValue()
  await go.click()
  await expect.poll(() => text.inputValue(), { timeout: 60_000 }).not.toBe(last)
  expect(new Set(killed).size).toBe(kills)
  expect(app.process().pid).toBe(mainPid)
  expect(app.process().exitCode).toBeNull()
  console.info(`${killed.length} of ${kills} GPU processes killed and recovered from, ${again} times after "Try again"`)
}, 600_000)

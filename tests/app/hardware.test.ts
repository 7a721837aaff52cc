// The hardware report of the real app, through Electron's own GPU information: it comes whole, and a probe that the page sends is in the next one.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HardwareReport } from '../../shared/hardware.ts'
import { hardwareText } from '../../shared/hardwareText.ts'
import type { Reply } from '../../shared/ipc.ts'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { probeOf } from '../unit/fit/reports.ts'

let running: RunningApp
beforeAll(async () => {
  running = await launchApp()
})
afterAll(() => running[Symbol.asyncDispose]())

test('the page reads the hardware, and once something was measured it is in the report', async () => {
  const before = await ask<HardwareReport>('hardware.read')
  console.info(hardwareText(before))
  expect(before.memory.totalBytes).toBeGreaterThan(0)
  expect(before.disk.freeBytes).toBeGreaterThan(0)
  expect(before.budget.memoryBytes).toBeGreaterThan(0)
  const probe = probeOf({ name: 'google swiftshader', vendor: 'google', isSoftware: true })
  await ask('hardware.probed', probe)
  const after = await ask<HardwareReport>('hardware.read')
  expect(after).toMatchObject({ system: before.system, graphics: before.graphics })
  // The page may have measured meanwhile by itself.
  expect(after.probe).not.toBeNull()
})

async function ask<Value>(channel: string, input?: unknown): Promise<Value> {
  const reply = (await running.page.evaluate(
    ([name, sent]) => {
      const bridge = Reflect.get(globalThis, 'hearth') as Record<string, (input: unknown) => Promise<unknown>>
      return bridge[name]?.(sent)
    },
    [channel, input] as const,
  )) as Reply<Value>
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.value
}

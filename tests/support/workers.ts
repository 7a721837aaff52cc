// The workers of a page that run models. Others measure the adapter, parse texts or read weights, and come and go by themselves.
import type { Page, Worker } from 'playwright'
import { expect } from 'vitest'

/** What the page calls a worker; of one that has ended, nothing. */
export async function nameOf(worker: Worker): Promise<string> {
  return await worker.evaluate('name').then(String, () => '')
}

export async function inferenceWorkers(page: Page): Promise<readonly Worker[]> {
  const named = page.workers().map(async (worker) => [worker, await nameOf(worker)] as const)
  return (await Promise.all(named)).flatMap(([worker, name]) => (name === 'inference' ? [worker] : []))
}

/** The first, as soon as there is one. */
export async function inferenceWorker(page: Page): Promise<Worker> {
  let found: readonly Worker[] = []
  const count = async () => {
    found = await inferenceWorkers(page)
    return found.length
  }
  await expect.poll(count, { timeout: 90_000 }).toBeGreaterThan(0)
  const [first] = found
  if (first === undefined) throw new Error('a worker runs the model')
  return first
}

// The times between the frames of a page, and how long its thread worked meanwhile: what other programs of a busy machine take is in the first, not in the second.
import type { CDPSession, Page } from 'playwright'

/** Software rendering on a busy machine is slow, but nothing may take this long. */
export const stuckMs = 2000

interface Recording {
  readonly thread: CDPSession
  workedMs: number
}

const recordings = new WeakMap<Page, Recording>()

/** From now on the page notes the time between its frames, and Chromium the time its thread works. */
export async function recordFrames(page: Page): Promise<void> {
  const recording = recordings.get(page) ?? { thread: await page.context().newCDPSession(page), workedMs: 0 }
  recordings.set(page, recording)
  await recording.thread.send('Performance.enable', { timeDomain: 'threadTicks' })
  recording.workedMs = await workedMs(recording.thread)
  await page.evaluate(() => {
    const frames: number[] = []
    let before = performance.now()
    const note = (now: number) => {
      frames.push(now - before)
      before = now
      if (Reflect.get(globalThis, 'framesWanted') === true) requestAnimationFrame(note)
    }
    Reflect.set(globalThis, 'frames', frames)
    Reflect.set(globalThis, 'framesWanted', true)
    requestAnimationFrame(note)
  })
}

export async function recordedFrames(page: Page): Promise<readonly number[]> {
  const frames = await page.evaluate(() => {
    Reflect.set(globalThis, 'framesWanted', false)
    return (Reflect.get(globalThis, 'frames') as unknown as number[]).slice(1)
  })
  const recording = recordings.get(page)
  if (recording === undefined) throw new Error('frames are recorded first')
  const worked = (await workedMs(recording.thread)) - recording.workedMs
  console.info(`frames: the page's thread worked ${(worked / frames.length).toFixed(1)} ms for each`)
  return frames
}

/** Of the page's thread: what other programs of a busy machine take is not in it. */
async function workedMs(thread: CDPSession): Promise<number> {
  const { metrics } = await thread.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000
}

export function figures(frames: readonly number[]): string {
  const sorted = frames.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1)
  return `${frames.length} frames, median ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`
}

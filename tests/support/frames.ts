// The times between the frames of a page, and how long its thread worked meanwhile: what other programs of a busy machine take is in the first, not in the second.
import type { CDPSession, Page } from 'playwright'

/** Software rendering on a busy machine is slow, but nothing may take this long. */
export const stuckMs = 2000
/** Longer than other programs keep a page from its frames; only a page that waits for something comes to it without working. */
const starvedMs = 5 * stuckMs
const lookEveryMs = 25

interface Recording {
  readonly thread: CDPSession
  workedMs: number
  /** The longest work between two looks at it. */
  longestMs: number
  isOn: boolean
  looking: Promise<void>
}

const recordings = new WeakMap<Page, Recording>()

/** From now on the page notes the time between its frames, and Chromium the time its thread works. */
export async function recordFrames(page: Page): Promise<void> {
  const thread = recordings.get(page)?.thread ?? (await page.context().newCDPSession(page))
  await thread.send('Performance.enable', { timeDomain: 'threadTicks' })
  const recording: Recording = {
    thread,
    workedMs: await workedMs(thread),
    longestMs: 0,
    isOn: true,
    looking: Promise.resolve(),
  }
  recordings.set(page, recording)
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
  recording.looking = lookAtWork(recording)
  // Of a page that is gone before anybody asks.
  recording.looking.catch(() => undefined)
}

/** A thread that works answers when it has done so: its work between two answers is not cut in two. */
async function lookAtWork(recording: Recording): Promise<void> {
  let before = recording.workedMs
  while (recording.isOn) {
    const now = await workedMs(recording.thread)
    recording.longestMs = Math.max(recording.longestMs, now - before)
    before = now
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}

export async function recordedFrames(page: Page): Promise<readonly number[]> {
  const frames = await page.evaluate(() => {
    Reflect.set(globalThis, 'framesWanted', false)
    return (Reflect.get(globalThis, 'frames') as unknown as number[]).slice(1)
  })
  const recording = recordings.get(page)
  if (recording === undefined) throw new Error('frames are recorded first')
  recording.isOn = false
  await recording.looking
  const worked = (await workedMs(recording.thread)) - recording.workedMs
  console.info(`frames: the page's thread worked ${(worked / frames.length).toFixed(1)} ms for each`)
  return frames
}

/** How long the page was stuck in the frames recorded last: its longest one, but no longer than its thread worked at a stretch. */
export function stuckFor(page: Page, frames: readonly number[]): number {
  const worst = Math.max(...frames)
  const longest = recordings.get(page)?.longestMs ?? Number.POSITIVE_INFINITY
  return worst > starvedMs ? worst : Math.min(worst, longest)
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

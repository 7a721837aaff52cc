// Shown text in the real app, under its policy and guards: hostile texts run nothing, ask for nothing and lead nowhere; slow ones never stop the page.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningApp } from '../support/electronApp.ts'
import { hostileTexts } from '../support/hostileTexts.ts'
import { pageFindings } from '../support/inert.ts'
import { type Listener, startListener } from '../support/listener.ts'
import { launchReading } from '../support/readingApp.ts'
import type { ReadingPage, ShownText } from '../support/readingPage/main.tsx'
import { slowTexts } from '../support/slowTexts.ts'

/** Parsed in the page, the worst of these texts would hold it for a minute. Alone none takes 100 ms; a machine that does much else at once is let off. */
const frozenMs = 2000

let running: RunningApp
let listener: Listener

interface Watched {
  reading: ReadingPage
  violations: string[]
  worstFrameMs: number
}

beforeAll(async () => {
  listener = await startListener()
  running = await launchReading()
  await running.page.evaluate(() => {
    const watched = globalThis as unknown as Watched
    watched.violations = []
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      watched.violations.push(`${violatedDirective} ${blockedURI}`)
    })
    let last = performance.now()
    const frame = () => {
      const now = performance.now()
      watched.worstFrameMs = Math.max(watched.worstFrameMs, now - last)
      last = now
      requestAnimationFrame(frame)
    }
    requestAnimationFrame(frame)
  })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await listener[Symbol.asyncDispose]()
})

/** Shows texts and waits until nothing waits for the parser. Milliseconds: until then, and the longest between two frames meanwhile. */
async function show(texts: readonly ShownText[]) {
  return running.page.evaluate(async (shown) => {
    const watched = globalThis as unknown as Watched
    const frame = () => new Promise((go) => requestAnimationFrame(go))
    watched.reading.show([])
    await frame()
    await frame()
    watched.worstFrameMs = 0
    const start = performance.now()
    watched.reading.show(shown)
    await frame()
    await frame()
    while (watched.reading.pending() > 0) await frame()
    await frame()
    await frame()
    return { worstFrameMs: Math.round(watched.worstFrameMs), settledMs: Math.round(performance.now() - start) }
  }, texts)
}

test('every hostile text at once: nothing runs, nothing is asked for, nothing leads away, no rule is broken', async () => {
  const host = `127.0.0.1:${listener.port}`
  const texts = hostileTexts.map(({ text }) => ({ text: text.replaceAll('evil.example', host), isLive: false }))
  const figures = await show(texts)
  console.info(
    `${texts.length} hostile texts: settled in ${figures.settledMs} ms, worst frame ${figures.worstFrameMs} ms`,
  )
  const findings = await running.page.evaluate(`(${pageFindings.toString()})(document.getElementById('root'))`)
  expect(findings).toEqual([])
  // Hovers over and presses everything there is to press.
  const pressed = await running.page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLElement>('#root *')]
    for (const element of all) {
      for (const type of ['mouseover', 'mouseenter', 'focus', 'animationstart', 'error', 'load', 'toggle'])
        element.dispatchEvent(new Event(type))
    }
    const buttons = [...document.querySelectorAll<HTMLElement>('#root [role=link]')]
    for (const button of buttons) button.click()
    return { buttons: buttons.length, opened: [...(globalThis as unknown as Watched).reading.opened] }
  })
  console.info(`${pressed.buttons} links pressed, ${pressed.opened.length} addresses handed over`)
  expect(pressed.opened.length).toBeGreaterThan(20)
  const isWeb = ({ protocol, username }: URL) => /^https?:$/.test(protocol) && username === ''
  expect(pressed.opened.filter((address) => !isWeb(new URL(address)))).toEqual([])
  const after = await running.page.evaluate(() => ({
    ran: Reflect.get(globalThis, 'ran'),
    violations: (globalThis as unknown as Watched).violations,
    url: location.href,
    title: document.title,
    root: document.getElementById('root')?.tagName,
    bridge: typeof Reflect.get(globalThis, 'hearth'),
  }))
  expect(after).toEqual({
    ran: undefined,
    violations: [],
    url: 'app://bundle/index.html',
    title: 'Reading',
    root: 'MAIN',
    bridge: 'object',
  })
  expect(running.app.windows().length).toBe(1)
  expect(listener.arrivals).toEqual([])
  expect(running.console.filter((line) => /pageerror|error:/.test(line))).toEqual([])
})

test.each(slowTexts)('%s does not stop the page', async (name, text) => {
  const { worstFrameMs, settledMs } = await show([{ text, isLive: false }])
  console.info(`${name}: settled in ${settledMs} ms, worst frame ${worstFrameMs} ms`)
  expect(worstFrameMs).toBeLessThan(frozenMs)
})

test('a text that grows is followed without stopping the page', async () => {
  const paragraphs = Array.from(
    { length: 100 },
    (_, index) => `Paragraph ${index} with *emphasis* and \`code\`, and so on.\n\n- a\n- b $x^2$`,
  )
  const whole = `${paragraphs.join('\n\n')}\n\n\`\`\`js\nconst a = 1\n\`\`\`\n`
  const { frames, ...seen } = await running.page.evaluate(async (text) => {
    const watched = globalThis as unknown as Watched
    const frame = () => new Promise((go) => requestAnimationFrame(go))
    watched.reading.show([])
    await frame()
    const times: number[] = []
    let last = performance.now()
    for (let end = 0; end < text.length; end += 24) {
      watched.reading.show([{ text: text.slice(0, end), isLive: true }])
      await frame()
      times.push(performance.now() - last)
      last = performance.now()
    }
    watched.reading.show([{ text, isLive: false }])
    // A block that grew is asked for again a frame after its last answer.
    for (let quiet = 0; quiet < 4; quiet = watched.reading.pending() > 0 ? 0 : quiet + 1) await frame()
    return {
      frames: times,
      emphasised: document.querySelectorAll('em').length,
      formulas: document.querySelectorAll('.katex').length,
      coloured: document.querySelectorAll('.hljs-keyword').length,
    }
  }, whole)
  const sorted = frames.toSorted((x, y) => x - y)
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  console.info(
    `${Math.round(whole.length / 1000)} KB in ${frames.length} steps: frames of ${at(0.5)} ms, 95 % within ${at(0.95)} ms, worst ${at(1)} ms`,
  )
  expect(seen).toEqual({ emphasised: 100, formulas: 100, coloured: 1 })
  expect(at(1)).toBeLessThan(frozenMs)
})

test('nothing that was shown broke a rule of the page', async () => {
  expect(await running.page.evaluate(() => (globalThis as unknown as Watched).violations)).toEqual([])
})

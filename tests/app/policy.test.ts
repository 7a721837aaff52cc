// The content security policy and the guards behind it, by real attempts from the page and its worker. A server stands ready on this computer and
// must not hear from any of them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchApp, type RunningApp } from '../support/electronApp.ts'
import { type Listener, startListener } from '../support/listener.ts'
import { inferenceWorker } from '../support/workers.ts'

let running: RunningApp
let listener: Listener

beforeAll(async () => {
  listener = await startListener()
  running = await launchApp({ isAttacked: true })
  await running.page.evaluate(() => {
    Object.assign(globalThis, { ran: 0 })
  })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  await listener[Symbol.asyncDispose]()
})

const server = () => `http://127.0.0.1:${listener.port}`
const outcomeOf = (source: string) => running.page.evaluate(attemptScript(source, server()))

const needsTrust = 'require-trusted-types-for'
const ownScripts = 'not a script of this app'

/**
 * Attempts that run code or fetch something, each as the source of an async function of (origin of the server); the directive that stops it, and what stops it
 * before that: the demand for trusted types, or the page's own policy for addresses of scripts.
 */
const attempts: readonly (readonly [name: string, directive: string, source: string, before?: string])[] = [
  ['new Function', 'script-src', `new Function('ran++')()`, needsTrust],
  ['eval', 'script-src', `(0, eval)('ran++')`, needsTrust],
  ['setTimeout with a string', 'script-src', `setTimeout('ran++', 0)`, needsTrust],
  ['an inline script', 'script-src-elem', `add('script', { textContent: 'ran++' })`, needsTrust],
  ['a script of another origin', 'script-src-elem', `add('script', { src: server + '/x.js' })`, ownScripts],
  ['an inline handler', 'script-src-attr', `add('img', {}, { onerror: 'ran++', src: '/none.png' })`, needsTrust],
  ['a javascript: address', 'script-src-elem', `add('a', {}, { href: 'javascript:ran++' }).click()`],
  ['a worker from a blob', 'worker-src', `new Worker(trusted(URL.createObjectURL(new Blob(['1']))))`, ownScripts],
  ['a worker from a data: address', 'worker-src', `new Worker(trusted('data:text/javascript,1'))`, ownScripts],
  ['a worker of another origin', 'SecurityError', `new Worker(trusted(server + '/w.js'))`, ownScripts],
  ['an inline style', 'style-src-elem', `add('style', { textContent: 'body { color: red }' })`],
  ['a style sheet of another origin', 'style-src-elem', `add('link', { rel: 'stylesheet', href: server + '/x.css' })`],
  ['an image of another origin', 'img-src', `add('img', { src: server + '/x.png?d=SECRET' })`],
  ['an image in a data: address', 'img-src', `add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' })`],
  ['a font of another origin', 'font-src', `await new FontFace('f', 'url(' + server + '/f.woff2)').load()`],
  ['a video of another origin', 'media-src', `add('video', { src: server + '/v.mp4' })`],
  ['fetch of another origin', 'connect-src', `await fetch(server + '/f')`],
  [
    'fetch without cors',
    'connect-src',
    `await fetch(server + '/f', { mode: 'no-cors', method: 'POST', body: 'SECRET' })`,
  ],
  ['XMLHttpRequest', 'connect-src', `const r = new XMLHttpRequest(); r.open('GET', server + '/x'); r.send()`],
  ['a web socket', 'connect-src', `new WebSocket(server.replace('http', 'ws'))`],
  ['an event source', 'connect-src', `new EventSource(server + '/e')`],
  ['a beacon', 'connect-src', `navigator.sendBeacon(server + '/b', 'SECRET')`],
  ['a form', 'form-action', `add('form', { action: server + '/form', method: 'post' }).submit()`],
  ['a frame of another origin', 'frame-src', `add('iframe', { src: server + '/' })`],
  ['a frame in a data: address', 'frame-src', `add('iframe', { src: 'data:text/html,x' })`],
  ['an object', 'object-src', `add('object', { data: server + '/o' })`, ownScripts],
  ['an embedded plug-in', 'object-src', `add('embed', {}, { src: server + '/o' })`, ownScripts],
  ['a base address', 'base-uri', `add('base', { href: server + '/' })`],
  ['a prefetch', 'default-src', `add('link', { rel: 'prefetch', href: server + '/p' })`],
]

describe('the content security policy', () => {
  const first = attempts.map(([name, directive, source, before]) => [name, before ?? directive, source] as const)
  test.each(first)('stops %s (%s)', async (_name, stoppedBy, source) => {
    expect(await outcomeOf(source)).toEqual({ stoppedBy, ran: 0 })
  })

  test('stops markup from a string', async () => {
    expect(await outcomeOf(`document.body.innerHTML = '<b>x</b>'`)).toEqual({ stoppedBy: needsTrust, ran: 0 })
  })

  test.each([
    ['fetch', 'connect-src', 'await fetch(server)'],
    ['a web socket', 'connect-src', `new WebSocket(server.replace('http', 'ws'))`],
    ['an import', 'script-src-elem', `await import(server + '/x.js')`],
    ['eval', needsTrust, `(0, eval)('ran++')`],
  ])('stops %s in the worker (%s)', async (_name, directive, source) => {
    const worker = await inferenceWorker(running.page)
    expect(await worker.evaluate(attemptScript(source, server()))).toEqual({ stoppedBy: directive, ran: 0 })
  })

  test('is the one that was written down, with isolation from other origins', async () => {
    const headers = await running.page.evaluate(async () =>
      Object.fromEntries((await fetch('app://bundle/index.html')).headers),
    )
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
    })
    // Word for word: a directive that is gone falls back to another and may not show in any attempt.
    expect(headers['content-security-policy']?.split('; ').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'self' hearth-model: hearth-weights:",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "frame-src 'none'",
      "img-src 'self'",
      "object-src 'none'",
      "require-trusted-types-for 'script'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "style-src 'self'",
      'trusted-types default',
      "worker-src 'self'",
    ])
    expect(await running.page.evaluate(() => [isSecureContext, crossOriginIsolated])).toEqual([true, true])
  })

  test('lets WebAssembly compile', async () => {
    expect(
      await running.page.evaluate(async () => {
        const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
        return (await WebAssembly.compile(empty)) instanceof WebAssembly.Module
      }),
    ).toBe(true)
  })
})

describe('where the policy does not reach', () => {
  test('neither a name lookup, nor an early connection, nor WebRTC, nor WebTransport leaves this computer', async () => {
    const candidates = await running.page.evaluate(
      async (address) => {
        for (const rel of ['dns-prefetch', 'preconnect', 'modulepreload', 'preload']) {
          document.head.append(
            Object.assign(document.createElement('link'), { rel, href: `http://${address}/`, as: 'fetch' }),
          )
        }
        const found: string[] = []
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${address}` }] })
        peer.onicecandidate = ({ candidate }) => candidate && found.push(candidate.candidate)
        peer.createDataChannel('x')
        await peer.setLocalDescription()
        await new WebTransport(`https://${address}/`).ready.catch(() => undefined)
        await new Promise<void>((done) => {
          peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done()
          setTimeout(done, 5000)
        })
        peer.close()
        return found
      },
      server().replace('http://', ''),
    )
    expect(candidates.filter((candidate) => / udp /i.test(candidate))).toEqual([])
    expect(listener.arrivals).toEqual([])
  })

  test('a request that the policy would allow is cancelled by the guard in the main process', async () => {
    const outcome = await running.app.evaluate(async ({ session }, address) => {
      const answer = await session.defaultSession.fetch(address).then(
        () => 'answered',
        (error: Error) => error.message,
      )
      return answer
    }, `${server()}/`)
    // Not the resolver's ERR_NAME_NOT_RESOLVED, which would stop it next.
    expect(outcome).toBe('net::ERR_BLOCKED_BY_CLIENT')
  })
})

describe('without the trusted types in front', () => {
  beforeAll(async () => {
    // A policy made before the page's own, which trusts everything; the page's own is not made then.
    await running.page.addInitScript(() => {
      const same = (value: string) => value
      const factory = Reflect.get(globalThis, 'trustedTypes') as { createPolicy(name: string, rules: object): unknown }
      factory.createPolicy('default', { createHTML: same, createScript: same, createScriptURL: same })
      Object.defineProperty(factory, 'createPolicy', { value: () => undefined })
    })
    await running.page.reload()
    await running.page.evaluate(() => Object.assign(globalThis, { ran: 0 }))
  })

  const second = attempts.map(([name, directive, source]) => [name, directive, source] as const)
  test.each(second)('the policy still stops %s (%s)', async (_name, stoppedBy, source) => {
    expect(await outcomeOf(source)).toEqual({ stoppedBy, ran: 0 })
  })
})

test('the server heard of none of it', () => {
  expect(listener.arrivals).toEqual([])
})

/** Runs one attempt in the page or the worker and waits for the violation it must cause, or the error of the page's own policy. */
function attemptScript(source: string, address: string): string {
  return `(async () => {
    const server = ${JSON.stringify(address)}
    const trusted = (address) => address
    const add = (name, properties, attributes = {}) => {
      const element = Object.assign(document.createElement(name), properties)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      return document.body.appendChild(element)
    }
    // The debugger that runs this script may evaluate strings until it first waits.
    await new Promise((resolve) => setTimeout(resolve, 0))
    globalThis.ran = 0
    const violated = new Promise((resolve) => {
      addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true })
      setTimeout(() => resolve('nothing'), 30000)
    })
    const refused = (async () => { ${source} })().then(() => violated, async (error) => {
      // A violation that caused the error is told of a moment later.
      await new Promise((resolve) => setTimeout(resolve, 200))
      return error.message.includes('${ownScripts}') ? '${ownScripts}' : error.name
    })
    const stoppedBy = await Promise.race([violated, refused])
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { stoppedBy, ran }
  })()`
}

// Looks at a page of a running app over Chromium's own debugging protocol, without a driver that attaches to every target as it comes and goes.
// Protocol: https://chromedevtools.github.io/devtools-protocol/
import type { ChildProcess } from 'node:child_process'

export interface PageView extends AsyncDisposable {
  /** Value of an expression in the page, awaited when it is a promise; must survive JSON. Rejects when it throws or the page is gone. */
  readonly evaluate: (expression: string) => Promise<unknown>
}

/** The page at an address, as soon as its document is there. `child` must have been started with --remote-debugging-port=0. */
export async function lookAt(child: ChildProcess, url: string): Promise<PageView> {
  const { host } = new URL(await debuggingAddress(child))
  for (;;) {
    const targets = (await (await fetch(`http://${host}/json/list`)).json()) as readonly {
      readonly type: string
      readonly url: string
      readonly webSocketDebuggerUrl: string
    }[]
    const page = targets.find((target) => target.type === 'page' && target.url === url)
    if (page !== undefined) return whenLoaded(await connect(page.webSocketDebuggerUrl), url)
    if (child.exitCode !== null) throw new Error(`the app ended before it showed ${url}`)
    await new Promise((next) => setTimeout(next, 50))
  }
}

/** A page that is still on its way to its address has no document to ask, or moves to another process before it answers: the question is put again. */
async function whenLoaded(page: PageView, url: string): Promise<PageView> {
  for (;;) {
    const at = await page.evaluate('document.readyState === "complete" ? location.href : ""').catch((cause: Error) => {
      if (!/execution context|context was destroyed|target navigated/i.test(cause.message)) throw cause
    })
    if (at === url) return page
    await new Promise((next) => setTimeout(next, 50))
  }
}

async function connect(address: string): Promise<PageView> {
  const socket = new WebSocket(address)
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const opened = Promise.withResolvers<void>()
  socket.onopen = () => opened.resolve()
  socket.onerror = () => opened.reject(new Error(`${address} does not answer`))
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error('the page is gone'))
  }
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(String(data))
    const call = waiting.get(id)
    waiting.delete(id)
    if (error !== undefined || result?.exceptionDetails !== undefined)
      call?.reject(new Error(JSON.stringify(error ?? result.exceptionDetails).slice(0, 500)))
    else call?.resolve(result?.result?.value)
  }
  await opened.promise
  let last = 0
  return {
    evaluate(expression) {
      const call = Promise.withResolvers<unknown>()
      waiting.set(++last, call)
      const params = { expression, awaitPromise: true, returnByValue: true }
      socket.send(JSON.stringify({ id: last, method: 'Runtime.evaluate', params }))
      return call.promise
    },
    async [Symbol.asyncDispose]() {
      socket.close()
    },
  }
}

/** Where the app says it can be looked at. */
function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    let said = ''
    child.stderr?.on('data', (text: string | Uint8Array) => {
      said += String(text)
      const [, address] = /DevTools listening on (ws:\/\/\S+)\s/.exec(said) ?? []
      if (address !== undefined) found(address)
    })
    child.once('exit', () => fail(new Error(`the app ended: ${said}`)))
  })
}

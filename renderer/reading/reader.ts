// The page's side of parsing: asks one worker for one block at a time, keeps answers, and ends a worker that takes longer than a block may. Such a block stays
// plain for good, with every longer version of it (a model that repeats itself goes on), and so does the rest of its message.
import { createCache } from './cache.ts'
import { checkTree } from './checkTree.ts'
import { limits } from './limits.ts'
import type { ParseAnswer, ParseRequest, WorkerMessage, WorkerOrder } from './protocol.ts'

/** What is needed of a Worker. */
export interface ParserPort {
  onmessage: ((event: MessageEvent<WorkerMessage>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(order: WorkerOrder): void
  terminate(): void
}

export interface Reader {
  /** What is known already. */
  known(request: ParseRequest): ParseAnswer | null
  /** Ends without an answer only by the signal. */
  read(request: ParseRequest, reading: Reading, signal: AbortSignal): Promise<ParseAnswer>
}

export interface Reading {
  /** The message, by identity: when a block of it takes too long, those that wait stay plain. */
  readonly owner: object
  /** More of the text is on its way: the answer is not kept. */
  readonly isPassing: boolean
}

export interface ReaderParts {
  readonly startWorker: () => ParserPort
  /** Calls back after a time, unless it is called off. */
  readonly after: (ms: number, call: () => void) => () => void
}

interface Waiting {
  readonly id: number
  readonly request: ParseRequest
  readonly reading: Reading
  readonly resolve: (answer: ParseAnswer) => void
}

const plain: ParseAnswer = { kind: 'plain' }
const mostRefused = 100
const mostFailedStarts = 3
/** Less is no sign that a longer text takes too long as well. */
const shortestRefused = 200

export function createReader({ startWorker, after }: ReaderParts): Reader {
  const cache = createCache()
  const refused: ParseRequest[] = []
  let waiting: Waiting[] = []
  let current: Waiting | null = null
  let worker: ParserPort | null = null
  let isReady = false
  let callOff = () => {}
  let nextId = 0
  let failedStarts = 0

  function known(request: ParseRequest): ParseAnswer | null {
    if (refused.some(({ kind, text }) => kind === request.kind && request.text.startsWith(text))) return plain
    return cache.get(request)
  }

  function settle(one: Waiting, answer: ParseAnswer): void {
    if (!one.reading.isPassing || answer.kind === 'plain') cache.set(one.request, answer)
    one.resolve(answer)
  }

  /** Ends the worker; the block in hand, and what waits of its message, stay plain. */
  function giveUp(): void {
    callOff()
    worker?.terminate()
    worker = null
    isReady = false
    const failed = current
    current = null
    if (failed !== null) {
      if (failed.request.text.length >= shortestRefused) refused.push(failed.request)
      if (refused.length > mostRefused) refused.shift()
      const its = waiting.filter(({ reading }) => reading.owner === failed.reading.owner)
      waiting = waiting.filter(({ reading }) => reading.owner !== failed.reading.owner)
      for (const one of [failed, ...its]) settle(one, plain)
    }
    next()
  }

  function start(): ParserPort {
    const started = startWorker()
    started.onmessage = ({ data }) => {
      if (worker !== started) return
      if (data.kind === 'ready') {
        callOff()
        isReady = true
        failedStarts = 0
        next()
      } else if (data.id === current?.id) finish(data.answer)
    }
    started.onerror = () => {
      if (worker !== started) return
      if (isReady) giveUp()
      else failToStart()
    }
    callOff = after(limits.startMs, failToStart)
    return started
  }

  /** A parser that does not come is no reason to show nothing. */
  function failToStart(): void {
    callOff()
    worker?.terminate()
    worker = null
    failedStarts += 1
    const all = waiting
    waiting = []
    for (const one of all) one.resolve(plain)
  }

  function finish(answer: ParseAnswer): void {
    callOff()
    const done = current
    current = null
    const nodes = answer.kind === 'tree' ? checkTree(answer.nodes) : null
    if (done !== null) settle(done, nodes === null ? plain : { kind: 'tree', nodes })
    next()
  }

  function next(): void {
    if (current !== null || waiting.length === 0) return
    worker ??= start()
    if (!isReady) return
    current = waiting.shift() ?? null
    if (current === null) return
    const already = known(current.request)
    if (already !== null) {
      finish(already)
      return
    }
    callOff = after(limits.parseMs, giveUp)
    worker.postMessage({ id: current.id, request: current.request })
  }

  return {
    known,
    read: (request, reading, signal) =>
      new Promise((resolve, reject) => {
        const answer = failedStarts < mostFailedStarts ? known(request) : plain
        if (answer !== null) return resolve(answer)
        if (signal.aborted) return reject(signal.reason)
        const stop = () => {
          waiting = waiting.filter((other) => other !== one)
          reject(signal.reason)
        }
        nextId += 1
        const one: Waiting = {
          id: nextId,
          request,
          reading,
          resolve: (given) => {
            signal.removeEventListener('abort', stop)
            resolve(given)
          },
        }
        waiting.push(one)
        signal.addEventListener('abort', stop)
        next()
      }),
  }
}

// Parsing workers as plain objects: one that parses in place, and one that a test answers for.
import { parseBlock } from '../../renderer/reading/parseBlock.ts'
import type { ParseAnswer, WorkerMessage, WorkerOrder } from '../../renderer/reading/protocol.ts'
import { createReader, type ParserPort, type Reader } from '../../renderer/reading/reader.ts'

/** Parses at once, in this thread. */
export function readerInPlace(): Reader {
  return createReader({
    startWorker: () => {
      const port: ParserPort = {
        onmessage: null,
        onerror: null,
        postMessage: ({ id, request }) =>
          queueMicrotask(() => emit(port, { kind: 'answer', id, answer: parseBlock(request) })),
        terminate: () => {},
      }
      queueMicrotask(() => emit(port, { kind: 'ready' }))
      return port
    },
    after: () => () => {},
  })
}

export interface HandPort extends ParserPort {
  readonly orders: WorkerOrder[]
  isTerminated: boolean
  ready(): void
  /** To the order that came last. */
  answer(answer: ParseAnswer): void
  crash(): void
}

function handPort(): HandPort {
  const port: HandPort = {
    onmessage: null,
    onerror: null,
    orders: [],
    isTerminated: false,
    postMessage: (order) => void port.orders.push(order),
    terminate: () => {
      port.isTerminated = true
    },
    ready: () => emit(port, { kind: 'ready' }),
    answer: (answer) => emit(port, { kind: 'answer', id: port.orders.at(-1)?.id ?? -1, answer }),
    crash: () => port.onerror?.({} as ErrorEvent),
  }
  return port
}

function emit(port: ParserPort, data: WorkerMessage): void {
  port.onmessage?.({ data } as MessageEvent<WorkerMessage>)
}

/** A reader whose workers and clock are the test's. */
export function readerByHand() {
  const ports: HandPort[] = []
  const timers: { readonly ms: number; readonly call: () => void; isOff: boolean }[] = []
  const reader = createReader({
    startWorker: () => {
      const port = handPort()
      ports.push(port)
      return port
    },
    after: (ms, call) => {
      const timer = { ms, call, isOff: false }
      timers.push(timer)
      return () => {
        timer.isOff = true
      }
    },
  })
  return {
    reader,
    ports,
    port: (): HandPort => {
      const port = ports.at(-1)
      if (port === undefined) throw new Error('no worker was started')
      return port
    },
    /** The time of what was set last is over. */
    timeIsUp: () => {
      const timer = timers.findLast(({ isOff }) => !isOff)
      if (timer === undefined) throw new Error('nothing is timed')
      timer.isOff = true
      timer.call()
      return timer.ms
    },
  }
}

// Requests that another process of the app answers. Both ends of one wire: the process serves its handlers on a Port (serve.ts), main calls it with a typed
// function. When a process ends, whatever it was asked fails; who owns it starts another.
import type { Contract, EventData, EventName, InputOf, OutputOf, Reply } from '../../shared/ipc.ts'
import { type Port, RequestError } from './serve.ts'

/** Either end: Electron's parentPort and UtilityProcess, or a MessagePort in tests. */
export interface Wire {
  post(message: unknown): void
  receive(listener: (message: unknown) => void): void
}

type ToProcess =
  | { readonly kind: 'request'; readonly id: number; readonly channel: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
type FromProcess =
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply<unknown> }
  | { readonly kind: 'event'; readonly name: EventName; readonly data: unknown }

/** Tells the window something. */
export type Announce = <E extends EventName>(name: E, data: EventData<E>) => void

/** In the process: the port to serve handlers on, and the way to tell the window something. */
export function processPort(wire: Wire): { readonly port: Port; readonly announce: Announce } {
  const handlers = new Map<string, Parameters<Port['handle']>[1]>()
  const running = new Map<number, AbortController>()
  const send = (message: FromProcess) => wire.post(message)
  wire.receive((received) => {
    const message = received as ToProcess
    if (message.kind === 'cancel') return running.get(message.id)?.abort()
    const { id, channel, input } = message
    const abort = new AbortController()
    running.set(id, abort)
    const reply = (value: Reply<unknown>) => {
      running.delete(id)
      send({ kind: 'reply', id, reply: value })
    }
    const answer = handlers.get(channel)
    if (answer === undefined) return reply(refused(`${channel} is not served here`))
    void answer(input, abort.signal).then(reply, (error: unknown) => reply(refused(String(error))))
  })
  return {
    port: { handle: (channel, answer) => void handlers.set(channel, answer) },
    announce: (name, data) => send({ kind: 'event', name, data }),
  }
}

export interface RemoteProcess<K extends Contract> {
  /** Rejects with a RequestError, which `serve` passes on to the window as it stands. */
  call<C extends keyof K & string>(channel: C, input: InputOf<K, C>, signal?: AbortSignal): Promise<OutputOf<K, C>>
  /** To be told when the process ended: whatever it was asked fails. */
  ended(reason: string): void
}

/** In main. `announced` gets the events of the process. */
export function remoteProcess<K extends Contract>(wire: Wire, announced: Announce): RemoteProcess<K> {
  const open = new Map<number, (reply: Reply<unknown>) => void>()
  const send = (message: ToProcess) => wire.post(message)
  let nextId = 1
  let endedBecause: string | null = null
  wire.receive((received) => {
    const message = received as FromProcess
    if (message.kind === 'event') return announced(message.name, message.data as never)
    open.get(message.id)?.(message.reply)
    open.delete(message.id)
  })
  return {
    async call<C extends keyof K & string>(channel: C, input: InputOf<K, C>, signal?: AbortSignal) {
      signal?.throwIfAborted()
      const id = nextId++
      const cancel = () => send({ kind: 'cancel', id })
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        const reply = await new Promise<Reply<unknown>>((resolve) => {
          if (endedBecause !== null) return resolve(gone(endedBecause))
          open.set(id, resolve)
          send({ kind: 'request', id, channel, input })
        })
        if (!reply.ok) throw new RequestError(reply.error)
        return reply.value as OutputOf<K, C>
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    },
    ended(reason) {
      endedBecause = reason
      for (const resolve of open.values()) resolve(gone(reason))
      open.clear()
    },
  }
}

function gone(reason: string): Reply<never> {
  return refused(`the process that answers this ended: ${reason}`)
}

function refused(message: string): Reply<never> {
  return { ok: false, error: { code: 'internal', message: message.slice(0, 500) } }
}

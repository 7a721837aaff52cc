// The page's typed client of the main process: `window.hearth` holds one function per request of shared/ipc.ts, put there by the preload.
import type { AppError, Channel, EventData, EventName, Input, Output, preloadOnly, Reply } from '../shared/ipc.ts'
import type { LocalFolder } from '../shared/modelRecord.ts'
import type { ServiceProblem } from '../shared/problems.ts'

/** What the page can ask for by itself. */
export type PageChannel = Exclude<Channel, (typeof preloadOnly)[number]>
export type Bridge = { readonly [C in PageChannel]: (input: Input<C>) => Promise<Reply<Output<C>>> }
export type Call = <C extends PageChannel>(channel: C, input: Input<C>) => Promise<Output<C>>

/** A request that main refused or failed. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  readonly code: AppError['code']
  /** Of an expected failure: what is needed to explain it. */
  readonly problem: ServiceProblem | null
  constructor(error: AppError) {
    super(error.message)
    this.code = error.code
    this.problem = error.code === 'failed' ? error.problem : null
  }
}

/** Sends requests over a bridge; throws RequestFailed. */
export function client(bridge: Bridge): Call {
  return async (channel, input) => {
    const reply = await bridge[channel](input)
    if (!reply.ok) throw new RequestFailed(reply.error)
    return reply.value
  }
}

/** `window.hearthEvents`: each function calls its listener until the function it gave is called. */
export type EventBridge = { readonly [E in EventName]: (listener: (data: EventData<E>) => void) => () => void }
/** Calls the listener with each event until the signal is aborted. */
export type Listen = <E extends EventName>(
  name: E,
  listener: (data: EventData<E>) => void,
  options: { readonly signal: AbortSignal },
) => void

export function listener(bridge: EventBridge): Listen {
  return (name, listen, { signal }) => {
    if (!signal.aborted) signal.addEventListener('abort', bridge[name](listen), { once: true })
  }
}

/** `window.hearthDrop`: a dropped file or folder becomes a token; the page never sees its path. */
export type DropBridge = (file: File) => Promise<Reply<LocalFolder>>

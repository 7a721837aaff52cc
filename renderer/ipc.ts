// The page's typed client of the main process: `window.hearth` holds one function per request of shared/ipc.ts, put there by the preload.
import type { AppError, Channel, Input, Output, Reply } from '../shared/ipc.ts'

export type Bridge = { readonly [C in Channel]: (input: Input<C>) => Promise<Reply<Output<C>>> }
export type Call = <C extends Channel>(channel: C, input: Input<C>) => Promise<Output<C>>

/** A request that main refused or failed. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  readonly code: AppError['code']
  constructor({ code, message }: AppError) {
    super(message)
    this.code = code
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

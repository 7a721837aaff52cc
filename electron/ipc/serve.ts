// Binds the handlers to a port: decodes each input, answers with data, turns every failure into data. Stacks and paths stay here.
import type { AppError, Channel, Handlers, Input, Output, Reply } from '../../shared/ipc.ts'
import { requests } from '../../shared/ipc.ts'

/** Where requests arrive. The port of the window (port.ts) checks the sender before it calls `answer`. */
export interface Port {
  handle(channel: Channel, answer: (input: unknown, signal: AbortSignal) => Promise<Reply<unknown>>): void
}

/** An expected refusal: its code and message reach the window. Anything else that is thrown is a bug and reaches `report` only. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: AppError['code']
  constructor(code: AppError['code'], message: string) {
    super(message)
    this.code = code
  }
}

const messageLimit = 500

/** Serves every channel of the contract on the port. `report` gets what was thrown unexpectedly. */
export function serve(port: Port, handlers: Handlers, report: (channel: Channel, error: unknown) => void): void {
  for (const channel of Object.keys(requests) as Channel[]) {
    port.handle(channel, (input, signal) => answer(channel, handlers, input, signal, report))
  }
}

async function answer<C extends Channel>(
  channel: C,
  handlers: Handlers,
  input: unknown,
  signal: AbortSignal,
  report: (channel: Channel, error: unknown) => void,
): Promise<Reply<Output<C>>> {
  const decoded = requests[channel].input.safeParse(input)
  if (!decoded.success) {
    const issue = decoded.error.issues[0]
    return failure('invalid-input', `${[channel, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}`)
  }
  try {
    return { ok: true, value: await handlers[channel](decoded.data as Input<C>, signal) }
  } catch (error) {
    if (error instanceof RequestError) return failure(error.code, error.message)
    report(channel, error)
    return failure('internal', `${channel} failed inside Hearth`)
  }
}

function failure(code: AppError['code'], message: string): Reply<never> {
  return { ok: false, error: { code, message: message.slice(0, messageLimit) } }
}

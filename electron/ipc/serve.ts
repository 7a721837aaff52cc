// Binds the handlers to a port: decodes each input, answers with data, turns every failure into data. Stacks and paths stay here.
import type { AppError, Contract, HandlersOf, InputOf, OutputOf, Reply } from '../../shared/ipc.ts'
import { problemSentence, type ServiceProblem } from '../../shared/problems.ts'
import { HubError } from '../services/hub/problem.ts'
import { ServiceError } from '../services/serviceError.ts'

/** Where requests arrive. The port of the window (port.ts) checks the sender before it calls `answer`. */
export interface Port {
  handle(channel: string, answer: (input: unknown, signal: AbortSignal) => Promise<Reply<unknown>>): void
}

const messageLimit = 500

/** An expected refusal: it reaches the window as it stands. Anything else that is thrown is a bug and reaches `report` only. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly error: AppError
  constructor(error: AppError) {
    super(error.message)
    this.error = { ...error, message: error.message.slice(0, messageLimit) }
  }
}

/** Serves every channel of the contract on the port. `report` gets what was thrown unexpectedly. */
export function serve<K extends Contract>(
  port: Port,
  contract: K,
  handlers: HandlersOf<K>,
  report: (channel: string, error: unknown) => void,
): void {
  for (const channel of Object.keys(contract) as (keyof K & string)[]) {
    port.handle(channel, (input, signal) => answer(channel, contract, handlers, input, signal, report))
  }
}

async function answer<K extends Contract, C extends keyof K & string>(
  channel: C,
  contract: K,
  handlers: HandlersOf<K>,
  input: unknown,
  signal: AbortSignal,
  report: (channel: string, error: unknown) => void,
): Promise<Reply<OutputOf<K, C>>> {
  const decoded = contract[channel]?.input.safeParse(input)
  if (decoded?.success !== true) {
    const issue = decoded?.error.issues[0]
    return failure('invalid-input', `${[channel, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'invalid'}`)
  }
  try {
    return { ok: true, value: await handlers[channel](decoded.data as InputOf<K, C>, signal) }
  } catch (error) {
    if (error instanceof RequestError) return { ok: false, error: error.error }
    const problem = problemOf(error)
    if (problem !== null) {
      const message = problemSentence(problem).slice(0, messageLimit)
      return { ok: false, error: { code: 'failed', message, problem } }
    }
    report(channel, error)
    return failure('internal', `${channel} failed inside Hearth`)
  }
}

/** Services throw expected failures as errors that carry their problem. */
function problemOf(error: unknown): ServiceProblem | null {
  return error instanceof HubError || error instanceof ServiceError ? error.problem : null
}

function failure(code: Exclude<AppError['code'], 'failed'>, message: string): Reply<never> {
  return { ok: false, error: { code, message: message.slice(0, messageLimit) } }
}

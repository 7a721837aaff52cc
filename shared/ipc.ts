// The whole contract between window and main process: every request and event, its decoder and its types. A request = one line here + one line in
// electron/ipc/handlers.ts.
import { z } from 'zod'
import type { InstalledModel } from './model.ts'

const nothing = z.undefined()

/** Declares a request: the input is decoded at run time in the main process; the output type is compile-time only (main is trusted). */
function request<Output>() {
  return <Schema extends z.ZodType>(input: Schema) =>
    ({ input }) as { readonly input: Schema; readonly output?: Output }
}

/** What `hearth run` asks of the hidden window. */
export const runRequest = z.strictObject({
  modelId: z.string().max(200),
  prompt: z.string().max(1_000_000),
  maxTokens: z.number().int().min(1).max(1_000_000),
  temperature: z.number().min(0).max(5),
  topP: z.number().positive().max(1),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
export type RunRequest = z.infer<typeof runRequest>

export const generationStats = z.strictObject({
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  timeToFirstTokenMs: z.number().nonnegative(),
  decodeTokensPerSecond: z.number().nonnegative(),
})
export type GenerationStats = z.infer<typeof generationStats>

export const runReport = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), text: z.string().max(1_000_000) }),
  z.strictObject({ kind: z.literal('notice'), text: z.string().max(10_000) }),
  z.strictObject({ kind: z.literal('done'), stats: generationStats }),
  z.strictObject({ kind: z.literal('failed'), message: z.string().max(10_000) }),
])
export type RunReport = z.infer<typeof runReport>

export interface Startup {
  readonly version: string
  readonly platform: string
  /** Set in the hidden window of `hearth run`. */
  readonly run: RunRequest | null
}

export const requests = {
  'app.startup': request<Startup>()(nothing),
  'models.list': request<readonly InstalledModel[]>()(nothing),
  'run.report': request<null>()(runReport),
} as const

export type Channel = keyof typeof requests
export type Input<C extends Channel> = z.infer<(typeof requests)[C]['input']>
export type Output<C extends Channel> =
  | NonNullable<(typeof requests)[C]['output']>
  | Extract<(typeof requests)[C]['output'], null>
export type Handlers = { readonly [C in Channel]: (input: Input<C>, signal: AbortSignal) => Promise<Output<C>> }

/** Errors cross as data: Electron's invoke would keep only the message, and stacks and paths stay in main. */
export type AppError = {
  readonly code: 'invalid-input' | 'not-allowed' | 'internal'
  readonly message: string
}
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError }

// The whole contract between window and main process: every request and event, its decoder and its types. A request = one line here + one line in
// electron/ipc/handlers.ts.
import { z } from 'zod'
import {
  type AnswerRecord,
  answerRecord,
  type Chat,
  type ChatCopies,
  type ChatsOverview,
  chat,
  chatChange,
  chatFolder,
  chatItemId,
  type ImportResult,
  libraryItem,
  type Message,
  message,
  messageChange,
  type SearchHit,
  searchRequest,
} from './chats/types.ts'
import { adapterProbe, type HardwareReport, modelMeasurement } from './hardware.ts'
import type { FoundRepository, InspectionReport } from './inspect/report.ts'
import { installRequest, type Job, jobId, jobMove } from './jobs.ts'
import { languageNames } from './language.ts'
import type { InstalledModel } from './model.ts'
import type { ForeignModel, LocalFolder, ModelRecord } from './modelRecord.ts'
import type { LedgerEntry } from './network.ts'
import type { ServiceProblem } from './problems.ts'
import { type SettingsView, settingsChange } from './settings.ts'

const nothing = z.undefined()
const modelKey = z.strictObject({ key: z.string().regex(/^[0-9a-f]{64}$/) })

/** Declares a request: the input is decoded at run time by whoever answers; the output type is compile-time only (who answers is trusted). */
export function request<Output>() {
  return <Schema extends z.ZodType>(input: Schema) =>
    ({ input }) as { readonly input: Schema; readonly output?: Output }
}

/** Requests by name. The window's are below; those of main to its own processes stand beside the processes. */
export type Contract = Readonly<Record<string, { readonly input: z.ZodType; readonly output?: unknown }>>
export type InputOf<K extends Contract, C extends keyof K> = z.infer<K[C]['input']>
export type OutputOf<K extends Contract, C extends keyof K> =
  | NonNullable<K[C]['output']>
  | Extract<K[C]['output'], null>
export type HandlersOf<K extends Contract> = {
  readonly [C in keyof K]: (input: InputOf<K, C>, signal: AbortSignal) => Promise<OutputOf<K, C>>
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
  /** Of a checkout that was started with the switch for it: a text is played in place of a model. */
  readonly rehearsal?: { readonly tokensPerSecond: number }
}

/** What a person asked to look at before installing it. */
const inspectRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('repository'), repository: z.string().min(1).max(400) }),
  z.strictObject({ kind: z.literal('folder'), token: z.uuid() }),
])

const chatRef = z.strictObject({ id: chatItemId })
const chatRefs = z.strictObject({ ids: z.array(chatItemId).min(1).max(10_000) })

export const requests = {
  'app.startup': request<Startup>()(nothing),
  'run.report': request<null>()(runReport),

  'models.list': request<readonly InstalledModel[]>()(nothing),
  'models.records': request<readonly ModelRecord[]>()(nothing),
  /** The model is in use: what was measured, for the time of last use and the figures beside the predictions. */
  'models.measured': request<null>()(modelMeasurement),
  'models.verify': request<{ readonly jobId: string }>()(modelKey),
  'models.repair': request<{ readonly jobId: string }>()(modelKey),
  'models.remove': request<{ readonly freedBytes: number }>()(modelKey),
  'models.reveal': request<null>()(modelKey),
  /** Asks the person for a folder; null where they chose none. */
  'models.moveFolder': request<{ readonly jobId: string } | null>()(nothing),

  'catalog.inspect': request<InspectionReport>()(inspectRequest),
  'catalog.search': request<readonly FoundRepository[]>()(z.strictObject({ text: z.string().min(1).max(200) })),
  /** Asks the person for a folder; null where they chose none. */
  'local.choose': request<LocalFolder | null>()(nothing),
  /** From the preload alone, which makes the path from a file that a person dropped. */
  'local.dropped': request<LocalFolder>()(z.string().min(1).max(4096)),
  'local.foreign': request<readonly ForeignModel[]>()(nothing),

  'jobs.list': request<readonly Job[]>()(nothing),
  'jobs.install': request<{ readonly jobId: string }>()(installRequest),
  'jobs.pause': request<null>()(jobId),
  'jobs.resume': request<null>()(jobId),
  'jobs.cancel': request<null>()(jobId),
  'jobs.move': request<null>()(jobMove),

  'hardware.read': request<HardwareReport>()(nothing),
  'hardware.probed': request<null>()(adapterProbe),

  'settings.read': request<SettingsView>()(nothing),
  'settings.write': request<SettingsView>()(settingsChange),
  /** null forgets it. */
  'settings.token': request<SettingsView>()(z.strictObject({ token: z.string().min(1).max(500).nullable() })),

  'chats.overview': request<ChatsOverview>()(nothing),
  /** Every message of every branch. */
  'chats.open': request<{ readonly chat: Chat; readonly messages: readonly Message[] }>()(chatRef),
  'chats.create': request<null>()(z.strictObject({ chat, messages: z.array(message).max(20_000) })),
  'chats.change': request<null>()(z.strictObject({ id: chatItemId, change: chatChange })),
  /** Out of the list; wiped when the app starts the next time. */
  'chats.remove': request<null>()(chatRefs),
  'chats.restore': request<null>()(chatRefs),
  /** Messages and the end of the branch they belong to, in one transaction: they are on the disk when this is answered. */
  'chats.add': request<null>()(
    z.strictObject({
      chatId: chatItemId,
      messages: z.array(message).min(1).max(20_000),
      leafId: chatItemId.nullable(),
    }),
  ),
  /** Text at the end of a message that is being written; `at`: the characters it has so far, so that nothing is added twice. */
  'chats.append': request<null>()(
    z.strictObject({ id: chatItemId, at: z.number().int().nonnegative(), text: z.string().max(4_000_000) }),
  ),
  'chats.changeMessage': request<null>()(z.strictObject({ id: chatItemId, change: messageChange })),
  /** Messages with everything that hangs on them. */
  'chats.removeMessages': request<null>()(
    z.strictObject({ chatId: chatItemId, ids: z.array(chatItemId).min(1).max(20_000), leafId: chatItemId.nullable() }),
  ),
  'chats.keepRecord': request<null>()(answerRecord),
  'chats.record': request<AnswerRecord | null>()(z.strictObject({ messageId: chatItemId })),
  'chats.search': request<readonly SearchHit[]>()(searchRequest),
  'chats.putFolder': request<null>()(chatFolder),
  /** Its chats stay. */
  'chats.removeFolder': request<null>()(chatRef),
  'chats.putItem': request<null>()(libraryItem),
  'chats.removeItem': request<null>()(chatRef),
  'chats.copies': request<ChatCopies>()(nothing),
  /** What was removed cannot be brought back any more, and goes from the copies as well. `damaged`: files that were set aside go, too. */
  'chats.erase': request<ChatCopies>()(z.strictObject({ damaged: z.boolean() })),
  /** Asks the person for a file: conversations.json of ChatGPT, or Hearth's own; null where they chose none. */
  'chats.import': request<ImportResult | null>()(nothing),

  /** Asks the person where to save a text; false where they did not. */
  'files.save': request<boolean>()(
    z.strictObject({
      name: z.string().min(1).max(200),
      kind: z.enum(['md', 'html', 'json']),
      text: z.string().max(200_000_000),
    }),
  ),
  /** The language the window speaks, so that menus and dialogs of the system speak it too; sent at the start and with each change. */
  'page.language': request<null>()(z.strictObject({ language: z.enum(languageNames) })),
  /** Prints the page as it stands. */
  'page.print': request<null>()(nothing),
  /** An address in a text: opened in the browser when it is https, or http and the person agrees; false otherwise. */
  'links.open': request<boolean>()(z.strictObject({ address: z.string().min(1).max(4000) })),

  /** Newest first; of those before an id. */
  'network.ledger': request<readonly LedgerEntry[]>()(
    z.strictObject({
      beforeId: z.number().int().positive().nullable(),
      limit: z.number().int().min(1).max(1000),
    }),
  ),
} as const

/** Requests that the page cannot send by itself: the preload has a function of another form for each. */
export const preloadOnly = ['local.dropped'] as const satisfies readonly Channel[]

function event<Data>() {
  return {} as { readonly data?: Data }
}

/** What main tells the window, unasked. Events announce a state that a request gives in full, so that a reloaded window loses nothing. */
export const events = {
  'jobs.changed': event<readonly Job[]>(),
  /** Models came, went or changed: ask for the list. */
  'models.changed': event<null>(),
  'settings.changed': event<SettingsView>(),
} as const

export type EventName = keyof typeof events
export type EventData<E extends EventName> =
  | NonNullable<(typeof events)[E]['data']>
  | Extract<(typeof events)[E]['data'], null>

export type Channel = keyof typeof requests
export type Input<C extends Channel> = InputOf<typeof requests, C>
export type Output<C extends Channel> = OutputOf<typeof requests, C>
export type Handlers = HandlersOf<typeof requests>

/** Errors cross as data: Electron's invoke would keep only the message, and stacks and paths stay in main. */
export type AppError =
  | { readonly code: 'invalid-input' | 'not-allowed' | 'internal'; readonly message: string }
  /** An expected failure, with what the window needs to explain it. */
  | { readonly code: 'failed'; readonly message: string; readonly problem: ServiceProblem }
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AppError }

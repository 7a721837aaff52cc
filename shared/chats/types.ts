// What a chat is, on the disk and in the window: messages that know their parent, so that an edit or another answer is a branch and nothing is lost.
import { z } from 'zod'
import { variant } from '../model.ts'

export const chatItemId = z.uuid()
const timeMs = z.number().int().nonnegative()
const longText = z.string().max(4_000_000)
const shortText = z.string().max(500)
const modelKey = z.string().regex(/^[0-9a-f]{64}$/)

/** How the next token is drawn. What is at its usual value changes nothing. */
export const sampling = z.strictObject({
  temperature: z.number().min(0).max(5),
  topP: z.number().positive().max(1),
  maxTokens: z.number().int().min(1).max(1_000_000),
  /** null: another one is drawn for each answer. */
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .nullable(),
  /** -2 to 2, usually 0: per earlier appearance of a token in the answer. */
  frequencyPenalty: z.number().min(-2).max(2),
  /** -2 to 2, usually 0: once for a token that has appeared. */
  presencePenalty: z.number().min(-2).max(2),
  /** More than 0, usually 1: divides (multiplies) the positive (negative) logits of tokens that have appeared (arXiv:1909.05858). */
  repetitionPenalty: z.number().positive().max(5),
  /** Beside those of the model's template. */
  stopStrings: z.array(z.string().min(1).max(200)).max(16),
  /** The answer is JSON of this schema (its text); empty text: any JSON. null: free text. */
  jsonSchema: z.string().max(100_000).nullable(),
  /** Keep each token's probability and the most likely alternatives. Costs time for every token. */
  keepProbabilities: z.boolean(),
})
export type ChatSampling = z.infer<typeof sampling>

/** plain: the conversation's text as it is. dialogue: `User:` and `Assistant:` lines, which a base model continues like any text it has seen. */
export const scaffold = z.enum(['plain', 'dialogue'])
export type Scaffold = z.infer<typeof scaffold>

export const chatSettings = z.strictObject({
  /** The model that was used last; null: whichever is loaded. */
  modelKey: modelKey.nullable(),
  /** null: the text the model was tuned with. */
  systemText: longText.nullable(),
  /** By variant; null: the model's own defaults. */
  sampling: z.strictObject({
    base: sampling.nullable(),
    instruct: sampling.nullable(),
    chat: sampling.nullable(),
  }),
  scaffold,
  /** To an instruct model, which was tuned on one exchange: send earlier turns all the same. */
  sendsEarlierTurns: z.boolean(),
  /** When the context is full: forget the oldest turns, or stop and say so. */
  whenFull: z.enum(['forget', 'stop']),
})
export type ChatSettings = z.infer<typeof chatSettings>

export const usualChatSettings: ChatSettings = {
  modelKey: null,
  systemText: null,
  sampling: { base: null, instruct: null, chat: null },
  scaffold: 'plain',
  sendsEarlierTurns: false,
  whenFull: 'forget',
}

/** What a person is writing and has not sent. */
export const draft = z.strictObject({ text: longText, input: longText })
export type Draft = z.infer<typeof draft>

export const chat = z.strictObject({
  id: chatItemId,
  /** Empty: named after its first message. */
  title: shortText,
  folderId: chatItemId.nullable(),
  isPinned: z.boolean(),
  createdAtMs: timeMs,
  updatedAtMs: timeMs,
  /** The end of the branch that is seen; null in an empty chat. */
  leafId: chatItemId.nullable(),
  draft,
  settings: chatSettings,
})
export type Chat = z.infer<typeof chat>

export const chatChange = chat
  .pick({ title: true, folderId: true, isPinned: true, leafId: true, draft: true, settings: true })
  .partial()
export type ChatChange = z.infer<typeof chatChange>

/** A chat in the list, without its messages. */
export interface ChatSummary extends Pick<Chat, 'id' | 'folderId' | 'isPinned' | 'createdAtMs' | 'updatedAtMs'> {
  /** Its own title, or the beginning of its first message; empty in an empty chat. */
  readonly title: string
  readonly messages: number
}

export const chatFolder = z.strictObject({ id: chatItemId, name: z.string().min(1).max(200) })
export type ChatFolder = z.infer<typeof chatFolder>

/** Which model wrote: kept with the text, so that it stays true when the model is gone. */
export const writer = z.strictObject({ key: modelKey, id: shortText, title: shortText, family: shortText, variant })
export type Writer = z.infer<typeof writer>

/** A stretch of a document that a model wrote: characters from its start, end exclusive. The newest continuation has the highest number. */
export const stretch = z.strictObject({
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  continuation: z.number().int().positive(),
})

export const finish = z.enum(['stop', 'length', 'stopped'])

export const answerFigures = z.strictObject({
  promptTokens: z.number().int().nonnegative(),
  completionTokens: z.number().int().nonnegative(),
  timeToFirstTokenMs: z.number().nonnegative(),
  decodeTokensPerSecond: z.number().nonnegative(),
})

/** streaming: a model is writing it. interrupted: the app ended meanwhile, or the model failed; what was written stays. */
export const messageState = z.enum(['done', 'streaming', 'interrupted'])

export const message = z.strictObject({
  id: chatItemId,
  chatId: chatItemId,
  /** null: the first of its branch. */
  parentId: chatItemId.nullable(),
  /** document: a text that a base model continues and a person edits. It holds the whole conversation before it in the form of its scaffold. */
  role: z.enum(['user', 'assistant', 'document']),
  text: longText,
  /** Of a user's message to an instruct model: the input beside the instruction; else empty. */
  input: longText,
  /** Of a document: what models wrote in it; else empty. */
  written: z.array(stretch).max(100_000),
  /** Of a document; else null. */
  scaffold: scaffold.nullable(),
  state: messageState,
  createdAtMs: timeMs,
  /** null: a person wrote it. Of a document the model that wrote last. */
  writer: writer.nullable(),
  /** Of a finished answer. */
  figures: answerFigures.nullable(),
  finish: finish.nullable(),
  seed: z.number().int().nonnegative().nullable(),
})
export type Message = z.infer<typeof message>

/** What changes in a message after it was written: a document is edited, an answer ends. */
export const messageChange = message
  .pick({ text: true, written: true, state: true, writer: true, figures: true, finish: true, seed: true })
  .partial()
export type MessageChange = z.infer<typeof messageChange>

const tokenChoice = z.strictObject({
  id: z.number().int().nonnegative(),
  text: z.string().max(1000),
  /** Natural logarithm of the probability after temperature and penalties; null for a probability of 0. */
  logProbability: z.number().nullable(),
})
export type TokenChoice = z.infer<typeof tokenChoice>

export const tracedToken = tokenChoice.extend({ alternatives: z.array(tokenChoice).max(5) })
/** A generated token, with the most likely ones at its place, most likely first (its own among them, where it is one). */
export type TracedToken = z.infer<typeof tracedToken>

/** What the model was given, piece by piece as it was tokenized, without BOS. A last piece of the assistant is the beginning of the reply. */
export const exactPrompt = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('completion'), text: longText }),
  z.strictObject({
    kind: z.literal('turns'),
    pieces: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), text: longText })).max(100_000),
  }),
])
export type ExactPrompt = z.infer<typeof exactPrompt>

/** Everything that decides an answer. With the same model, machine and record the same text comes out. */
export const answerRecord = z.strictObject({
  messageId: chatItemId,
  writer,
  /** The model's recipe: hashes of what it was made from. */
  inputs: z
    .array(z.strictObject({ name: z.string().max(200), sha256: z.string().max(64), sizeBytes: z.number() }))
    .max(2000),
  library: z.enum(['portable', 'half', 'software']),
  adapter: shortText,
  prompt: exactPrompt,
  promptTokens: z.number().int().nonnegative(),
  /** Of the prompt, remembered from the turns before instead of read anew; of records of earlier versions unknown. */
  cachedTokens: z.number().int().nonnegative().optional(),
  /** With the seed that was drawn. */
  sampling,
  /** Characters of a document's text, or of an answer that was continued, that stood there before. */
  startsAt: z.number().int().nonnegative(),
  /** Of this run; null where they were not kept. */
  tokens: z.array(tracedToken).max(100_000).nullable(),
})
export type AnswerRecord = z.infer<typeof answerRecord>

export const searchRequest = z.strictObject({
  text: z.string().min(1).max(500),
  /** null: in all chats. */
  chatId: chatItemId.nullable(),
  limit: z.number().int().min(1).max(500),
})

export interface SearchHit {
  readonly chatId: string
  readonly messageId: string
  readonly title: string
  readonly role: Message['role']
  readonly createdAtMs: number
  /** A part of the text around the first place. */
  readonly excerpt: string
  /** Of the excerpt: characters that matched, end exclusive. */
  readonly marks: readonly (readonly [start: number, end: number])[]
}

/** A system prompt or a set of sampling values that a person named. */
export const libraryItem = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('system'), id: chatItemId, name: z.string().min(1).max(200), text: longText }),
  z.strictObject({ kind: z.literal('preset'), id: chatItemId, name: z.string().min(1).max(200), variant, sampling }),
])
export type LibraryItem = z.infer<typeof libraryItem>

/** What happened to the chats' file at the start, for the person to know. */
export type ChatsNotice =
  | { readonly kind: 'none' }
  /**
   * The file was damaged; it lies aside under this name (empty: there was none). What could be read from it was put on top of a backup of this time (null:
   * there was none, or none was needed, as everything could be read).
   */
  | {
      readonly kind: 'restored'
      readonly setAside: string
      readonly backupAtMs: number | null
      readonly recovered: 'all' | 'some' | 'none'
    }
  /** The file lies on a disk of another computer, of this kind (`SMB`), where it can be damaged. */
  | { readonly kind: 'network-disk'; readonly disk: string }
  /** A newer Hearth wrote the file: it can be read and exported, not changed. */
  | { readonly kind: 'read-only'; readonly detail: string }

export interface ChatsOverview {
  readonly chats: readonly ChatSummary[]
  readonly folders: readonly ChatFolder[]
  readonly library: readonly LibraryItem[]
  readonly notice: ChatsNotice
}

/** What there is of chats beside their file. */
export interface ChatCopies {
  readonly copies: number
  /** null: there is none. */
  readonly newestAtMs: number | null
  /** Chats, messages and other things that were removed and are still in the file or in a copy. */
  readonly removed: number
  /** Damaged files that were set aside: nobody knows what is in them. */
  readonly damaged: number
}

export interface ImportResult {
  readonly chats: number
  readonly messages: number
  /** What could not be taken; at most 20. */
  readonly skipped: readonly Skipped[]
}

/** A chat of a file, by its title or, where it has none, by its place in the file; null where that is not known. */
export interface NamedInFile {
  readonly title: string
  readonly place: number | null
}

/** What was not taken from a file of chats: the window has a sentence for each. */
export type Skipped =
  | {
      readonly kind: 'file'
      readonly reason: 'too-large' | 'not-json' | 'without-version' | 'newer' | 'without-list' | 'empty' | 'not-known'
    }
  | { readonly kind: 'more-chats'; readonly taken: number; readonly found: number }
  | {
      readonly kind: 'chat'
      readonly chat: NamedInFile
      /** apart: its messages do not fit together. */
      readonly reason: 'no-chat' | 'no-text' | 'not-readable' | 'apart'
    }
  | { readonly kind: 'too-many-messages'; readonly chat: NamedInFile; readonly most: number }
  | { readonly kind: 'messages'; readonly chat: NamedInFile; readonly count: number }
  /** So many more of all that is above. */
  | { readonly kind: 'more'; readonly count: number }

// What views and commands may ask of chats: the list of them, and the one that is open. The stores hold plain data; the functions are all there is to do.
// createChats and createConversation are what implements it.
import type { StoreApi } from 'zustand/vanilla'
import type {
  AnswerRecord,
  Chat,
  ChatFolder,
  ChatSampling,
  ChatSettings,
  ChatSummary,
  ChatsNotice,
  Draft,
  ImportResult,
  LibraryItem,
  Message,
  SearchHit,
  TracedToken,
} from '../../../shared/chats/types.ts'
import type { PromptTemplate, Variant } from '../../../shared/model.ts'
import type { InspectedPrompt, Omitted, Problem, Prompt } from '../../inference/protocol.ts'

export interface ChatListState {
  readonly isLoaded: boolean
  /** Pinned first, then the newest first. */
  readonly chats: readonly ChatSummary[]
  readonly folders: readonly ChatFolder[]
  readonly library: readonly LibraryItem[]
  readonly notice: ChatsNotice
  /** What was removed last, until something else happens or the person has looked away from the offer: `undoRemove` brings it back. */
  readonly removed: readonly ChatSummary[]
  /** A request about chats that failed; shown until it is dismissed. */
  readonly failure: unknown
  readonly imported: ImportResult | null
}

/** All chats: the sidebar, the palette and the search. */
export interface Chats {
  readonly store: StoreApi<ChatListState>
  start(): Promise<void>
  rename(id: string, title: string): Promise<void>
  pin(id: string, isPinned: boolean): Promise<void>
  move(id: string, folderId: string | null): Promise<void>
  remove(ids: readonly string[]): Promise<void>
  undoRemove(): Promise<void>
  putFolder(folder: ChatFolder): Promise<void>
  removeFolder(id: string): Promise<void>
  putItem(item: LibraryItem): Promise<void>
  removeItem(id: string): Promise<void>
  search(text: string, chatId: string | null, limit: number): Promise<readonly SearchHit[]>
  /** The whole tree, for export; also of a temporary chat that is open. */
  read(id: string): Promise<{ readonly chat: Chat; readonly messages: readonly Message[] }>
  importFile(): Promise<void>
  dismiss(): void
}

export type RunState =
  | { readonly kind: 'idle' }
  /** Sent while the model still loads: goes on when it is ready, and can be cancelled (`stop`). */
  | { readonly kind: 'waiting' }
  /** The model reads the prompt; nothing is written yet. */
  | { readonly kind: 'reading' }
  | { readonly kind: 'writing' }
  | { readonly kind: 'stopping' }

/** The answer that is being written. Its text changes many times a second; the messages do not. */
export interface LiveAnswer {
  readonly messageId: string
  readonly text: string
  /** Characters of `text` that stood there before this run. */
  readonly startsAt: number
  /** Of this run so far. */
  readonly tokens: number
  readonly tokensPerSecond: number | null
}

/** How the context would be used if what is in the composer were sent now. */
export interface ContextUse {
  readonly systemTokens: number
  readonly historyTokens: number
  /** Of the text in the composer, or of a document. */
  readonly draftTokens: number
  /** Kept free for the reply. */
  readonly replyTokens: number
  readonly contextTokens: number
  /** Ids of messages on the branch that are left out because the context is full. */
  readonly forgotten: readonly string[]
  /** Of this message the end alone is read; null: of none. */
  readonly cutId: string | null
}

/** A base model's text: what is edited and continued. */
export interface OpenDocument {
  /** The message that holds it; null: it is built from the conversation and not kept until it is changed. */
  readonly messageId: string | null
  readonly text: string
  readonly written: Message['written']
}

export interface ConversationState {
  /** null until the first is opened. */
  readonly chat: Chat | null
  /** Never written to the disk, never in the list. */
  readonly isTemporary: boolean
  /** Of every branch, by id. */
  readonly messages: ReadonlyMap<string, Message>
  /** The branch that is seen, first message first. */
  readonly path: readonly Message[]
  readonly run: RunState
  /** The chat whose answer is being written now: it goes on while another chat is open. */
  readonly writingChatId: string | null
  readonly live: LiveAnswer | null
  /** With a base model: the text. null with the others. */
  readonly document: OpenDocument | null
  readonly context: ContextUse | null
  /** What the newest prompt left out. */
  readonly omitted: Omitted
  readonly problem: Problem | null
  /** Messages were removed, and `undo` brings them back. */
  readonly canBringBack: boolean
  /** How the last `runAgain`, which wrote this message, compares with the answer it repeats. */
  readonly repeated: {
    readonly messageId: string
    readonly isSame: boolean
    /** The first time a part of the chat was remembered instead of read anew, which alone can make another text. */
    readonly fromCache: boolean
  } | null
}

/** The chat that is open. Whatever changes it is on its way to the disk when the function returns, and there when its promise resolves. */
export interface OpenConversation {
  readonly store: StoreApi<ConversationState>
  /** Of the model in use; base until one is chosen. */
  variant(): Variant
  open(id: string): Promise<void>
  /** A new chat. It is kept from its first message or draft on. */
  create(options?: { readonly isTemporary?: boolean; readonly folderId?: string | null }): Promise<void>
  setDraft(draft: Draft): void
  /** Merges into the chat's settings. */
  change(settings: Partial<ChatSettings>): void
  /** What is used with a variant: the chat's own values or the model's defaults. */
  samplingOf(variant: Variant): ChatSampling
  setSampling(variant: Variant, sampling: ChatSampling | null): void

  /** A newer Hearth wrote the chats, and no change of this one is done. Temporary chats are free; a new one is temporary then. */
  isLocked(): boolean
  canSend(): boolean
  /** Sends the draft, or has a base model continue the document. */
  send(): Promise<void>
  /** Stops the model within one token; takes back what waits. */
  stop(): void
  /** Another answer beside this one, from the model in use. */
  regenerate(messageId: string): Promise<void>
  /** Another version of a user's message, with a new answer. */
  resend(messageId: string, text: string, input: string): Promise<void>
  /** Goes on with an answer that was cut. */
  continueAnswer(messageId: string): Promise<void>
  /** The same record once more, beside the answer; `repeated` says whether the text is the same. `keepProbabilities` adds the tokens to the old record. */
  runAgain(messageId: string, options?: { readonly keepProbabilities?: boolean }): Promise<void>
  /** Another version that goes on behind the first `index` generated tokens and the alternative in place of the next. */
  branchAt(messageId: string, index: number, alternative: TracedToken['alternatives'][number]): Promise<void>
  /** Another answer's text, from a comparison, as a version beside or behind the newest. */
  adopt(answer: AdoptedAnswer): Promise<void>

  /** Versions of a message: its siblings, oldest first. */
  versionsOf(messageId: string): readonly Message[]
  /** Shows a version and what hangs on it. */
  chooseVersion(messageId: string): void
  /** The branch up to this message as a new chat, which is opened. */
  fork(messageId: string): Promise<void>
  /** A message with everything behind it. `undo` brings it back. */
  removeMessage(messageId: string): Promise<void>
  /** A base model's text after a person changed it. */
  editDocument(text: string): void
  /** Takes back the newest continuation of a document, the newest exchange, or brings back what was removed. */
  undo(): void
  canUndo(): boolean

  /** What was sent for an answer; null where nothing was kept. */
  record(messageId: string): Promise<AnswerRecord | null>
  /** What would be sent now, in tokens; `template: false`: the bare text. null while no model is ready. */
  inspect(options: { readonly template: boolean }): Promise<InspectedPrompt | null>
  /**
   * The prompt that `text` would be with a model of this variant, on the branch that is seen: for comparisons. `template`: of a model that is not the one
   * in use.
   */
  promptFor(variant: Variant, text: string, input: string, template?: PromptTemplate): Prompt
}

export interface AdoptedAnswer {
  readonly question: { readonly text: string; readonly input: string }
  readonly text: string
  readonly writer: NonNullable<Message['writer']>
  readonly figures: Message['figures']
  readonly finish: Message['finish']
  readonly seed: number | null
  readonly record: Omit<AnswerRecord, 'messageId'> | null
}

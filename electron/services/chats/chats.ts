// What is asked of the chats: one function per request, synchronous, each change one transaction that is on the disk when the function returns.
// A request that is repeated, because nobody heard the answer to it, changes nothing the second time.
import type { z } from 'zod'
import type {
  AnswerRecord,
  Chat,
  ChatChange,
  ChatFolder,
  ChatsNotice,
  ChatsOverview,
  LibraryItem,
  Message,
  MessageChange,
  SearchHit,
  searchRequest,
} from '../../../shared/chats/types.ts'

export interface WholeChat {
  readonly chat: Chat
  readonly messages: readonly Message[]
  readonly records: readonly AnswerRecord[]
}

export interface Chats {
  overview(): ChatsOverview
  open(id: string): { readonly chat: Chat; readonly messages: readonly Message[] }
  create(chat: Chat, messages: readonly Message[]): void
  /** All or none of them. */
  createAll(chats: readonly WholeChat[]): void
  change(id: string, change: ChatChange): void
  remove(ids: readonly string[]): void
  restore(ids: readonly string[]): void
  add(chatId: string, messages: readonly Message[], leafId: string | null): void
  append(id: string, at: number, text: string): void
  changeMessage(id: string, change: MessageChange): void
  removeMessages(chatId: string, ids: readonly string[], leafId: string | null): void
  keepRecord(record: AnswerRecord): void
  record(messageId: string): AnswerRecord | null
  search(request: z.infer<typeof searchRequest>): readonly SearchHit[]
  putFolder(folder: ChatFolder): void
  removeFolder(id: string): void
  putItem(item: LibraryItem): void
  removeItem(id: string): void
  /** What was removed cannot be brought back any more. */
  endUndo(): void
  /** No copy has these any more: the last traces in the file go, and their names. */
  erased(ids: readonly string[]): void
  /** How many chats and other things were removed and are still somewhere, in the file or in a copy. */
  removedItems(): number
}

export interface ChatsState {
  readonly notice: ChatsNotice
  /** Of this run of the app. */
  readonly run: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

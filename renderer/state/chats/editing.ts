// What a person changes by hand: the text of a document, which version is seen, what is removed or taken back.
import { newestLeaf, subtree, versionsOf } from '../../../shared/chats/tree.ts'
import type { AnswerRecord, Message } from '../../../shared/chats/types.ts'
import { edited, type TextDocument, undone } from '../document.ts'
import { changeChat, changeMessage, type Desk, drop, nothingOmitted, put, setRemoved } from './desk.ts'
import type { Keeping } from './keeping.ts'
import { documentMessage, type MessageMaker } from './messages.ts'
import { type After, type Delayed, delayed } from './timer.ts'

export interface EditingParts extends MessageMaker {
  readonly keeping: Keeping
  readonly after: After
  readonly record: (desk: Desk, messageId: string) => Promise<AnswerRecord | null>
}

const saveAfterMs = 400
/** Of a removed branch, to be kept again when it comes back. */
const mostRecords = 500

export function createEditing(parts: EditingParts) {
  const { keeping, after } = parts
  /** Chats with a draft or a document that changed since it was saved. */
  const unsaved = new Map<Desk, { documentId: string | null; draft: boolean; readonly timer: Delayed }>()

  function changed(desk: Desk, what: { readonly documentId?: string; readonly draft?: true }): void {
    const known = unsaved.get(desk) ?? {
      documentId: null,
      draft: false,
      timer: delayed(after, saveAfterMs, () => save(desk)),
    }
    if (known.documentId !== null && what.documentId !== undefined && known.documentId !== what.documentId) save(desk)
    known.documentId = what.documentId ?? known.documentId
    known.draft = known.draft || what.draft === true
    unsaved.set(desk, known)
    known.timer.start()
  }

  /** Now, instead of when the typing pauses. */
  function save(desk: Desk): void {
    const known = unsaved.get(desk)
    if (known === undefined) return
    unsaved.delete(desk)
    known.timer.cancel()
    const { chat, messages } = desk.store.getState()
    const document = known.documentId === null ? undefined : messages.get(known.documentId)
    if (document !== undefined) {
      const { text, written } = document
      void keeping.changeMessage(desk, document.id, { text, written })
    }
    if (known.draft) void keeping.change(desk, { draft: chat.draft })
  }

  function setDraft(desk: Desk, draft: { readonly text: string; readonly input: string }): void {
    changeChat(desk, { draft })
    changed(desk, { draft: true })
  }

  function editDocument(desk: Desk, text: string): void {
    const { chat, document, messages } = desk.store.getState()
    if (document === null || desk.running !== null || document.text === text) return
    const whole = textDocument(edited(asDocument(document), text))
    const kept = document.messageId === null ? undefined : messages.get(document.messageId)
    if (kept !== undefined) {
      changeMessage(desk, kept.id, whole)
      changed(desk, { documentId: kept.id })
      return
    }
    const place = { chatId: chat.id, parentId: chat.leafId }
    const made = documentMessage(parts, place, { ...whole, scaffold: chat.settings.scaffold })
    put(desk, [made], made.id)
    void keeping.add(desk, [made])
  }

  function chooseVersion(desk: Desk, messageId: string): void {
    const { messages } = desk.store.getState()
    if (!messages.has(messageId)) return
    showLeaf(desk, newestLeaf(messages, messageId))
  }

  function showLeaf(desk: Desk, leafId: string | null): void {
    put(desk, [], leafId, { problem: null, omitted: nothingOmitted })
    void keeping.change(desk, { leafId })
  }

  async function removeMessage(desk: Desk, messageId: string): Promise<void> {
    const { messages, chat, path } = desk.store.getState()
    const gone = subtree(messages, messageId)
    const [root] = gone
    if (root === undefined || desk.running !== null) return
    save(desk)
    const isSeen = path.some(({ id }) => id === messageId)
    const leafId = isSeen ? leafWithout(desk, root) : chat.leafId
    const answers = gone.filter(({ writer }) => writer !== null).slice(0, mostRecords)
    const records = Promise.all(answers.map(({ id }) => parts.record(desk, id)))
    drop(
      desk,
      gone.map(({ id }) => id),
      leafId,
      { problem: null },
    )
    setRemoved(desk, { messages: gone, leafId: chat.leafId })
    for (const record of await records) if (record !== null) desk.records.set(record.messageId, record)
    // It may have been brought back meanwhile.
    if (desk.store.getState().messages.has(messageId)) return
    await keeping.remove(desk, [messageId])
  }

  /** The nearest version, else what the message hung on. */
  function leafWithout(desk: Desk, root: Message): string | null {
    const { messages } = desk.store.getState()
    const versions = versionsOf(messages, root.id)
    const at = versions.findIndex(({ id }) => id === root.id)
    const nearest = versions[at + 1] ?? versions[at - 1]
    return nearest === undefined ? root.parentId : newestLeaf(messages, nearest.id)
  }

  /** Brings back what was removed; else takes back the newest continuation, or the newest exchange, which stays as a version. */
  function undo(desk: Desk): void {
    if (!canUndo(desk)) return
    const { chat, path, document } = desk.store.getState()
    const { removed } = desk
    if (removed !== null) {
      setRemoved(desk, null)
      put(desk, removed.messages, removed.leafId, { problem: null })
      void keeping.add(desk, removed.messages)
      for (const { id } of removed.messages) {
        const record = desk.records.get(id)
        if (record !== undefined) void keeping.record(desk, record)
      }
      return
    }
    const last = path.at(-1)
    if (last?.role === 'document' && (document !== null || last.written.length > 0)) {
      const whole = textDocument(undone(asDocument(last)))
      changeMessage(desk, last.id, whole, { problem: null, omitted: nothingOmitted })
      return void keeping.changeMessage(desk, last.id, whole)
    }
    if (last?.role === 'document') {
      showLeaf(desk, last.parentId)
      return
    }
    const question = path.findLast(({ role }) => role === 'user')
    if (question === undefined) return
    const draft = {
      text: [question.text, chat.draft.text].filter((part) => part !== '').join('\n\n'),
      input: [question.input, chat.draft.input].filter((part) => part !== '').join('\n\n'),
    }
    changeChat(desk, { draft })
    showLeaf(desk, question.parentId)
    void keeping.change(desk, { draft })
  }

  function canUndo(desk: Desk): boolean {
    if (desk.running !== null) return false
    if (desk.removed !== null) return true
    const { path, document } = desk.store.getState()
    if (document !== null) return document.messageId !== null && document.written.length > 0
    return path.some(({ role }) => role !== 'assistant')
  }

  return { setDraft, editDocument, chooseVersion, removeMessage, undo, canUndo, save }
}

function asDocument({ text, written }: Pick<TextDocument, 'text' | 'written'>): TextDocument {
  return { text, written, continuations: Math.max(0, ...written.map(({ continuation }) => continuation)) }
}

function textDocument({ text, written }: TextDocument): { text: string; written: Message['written'] } {
  return { text, written: [...written] }
}

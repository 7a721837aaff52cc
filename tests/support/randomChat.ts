// Random chats for property tests: any tree, any text, any branch that is seen.
import fc from 'fast-check'
import { type Chat, type Message, usualChatSettings } from '../../shared/chats/types.ts'
import type { Variant } from '../../shared/model.ts'

const key = 'a'.repeat(64)
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('```', '~~~js', '<!-- ', '# Title', '\u202eright', '日本語'),
)
const role = fc.constantFrom<Message['role']>('user', 'assistant', 'document')

const node = fc.record({
  id: fc.uuid(),
  under: fc.nat(),
  role,
  text,
  timeMs: fc.nat(2_000_000_000_000),
  written: fc.boolean(),
})

export const randomChat = fc
  .record({
    id: fc.uuid(),
    title: fc.string({ maxLength: 30 }),
    isPinned: fc.boolean(),
    nodes: fc.uniqueArray(node, { maxLength: 12, selector: ({ id }) => id }),
    leaf: fc.nat(),
  })
  .map(({ id, title, isPinned, nodes, leaf }): { readonly chat: Chat; readonly messages: readonly Message[] } => ({
    chat: {
      id,
      title,
      folderId: null,
      isPinned,
      createdAtMs: 1,
      updatedAtMs: 2,
      leafId: nodes[leaf % Math.max(1, nodes.length)]?.id ?? null,
      draft: { text: '', input: '' },
      settings: usualChatSettings,
    },
    // Under one of those before it, or first: 0.
    messages: nodes.map((one, index) => messageOf(id, one, nodes[(one.under % (index + 1)) - 1]?.id ?? null)),
  }))

interface Node {
  readonly id: string
  readonly role: Message['role']
  readonly text: string
  readonly timeMs: number
  readonly written: boolean
}

function messageOf(chatId: string, { id, role, text: words, timeMs, written }: Node, parentId: string | null): Message {
  const isModel = role !== 'user'
  return {
    id,
    chatId,
    parentId,
    role,
    text: words.toWellFormed(),
    input: role === 'user' && written ? 'beside' : '',
    written: role === 'document' && words.length > 1 ? [{ start: 1, end: words.length, continuation: 1 }] : [],
    scaffold: role === 'document' ? 'dialogue' : null,
    state: written ? 'done' : 'interrupted',
    createdAtMs: timeMs,
    writer: isModel ? { key, id: 'some', title: 'Some', family: 'Somebody', variant: 'chat' satisfies Variant } : null,
    figures: null,
    finish: isModel ? 'stop' : null,
    seed: isModel ? 7 : null,
  }
}

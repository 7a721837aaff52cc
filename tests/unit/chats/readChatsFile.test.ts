// Files of chats, whole and damaged: what is taken, what is said, and that nothing is ever thrown.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportJson } from '../../../shared/chats/export/json.ts'
import { plainLine } from '../../../shared/chats/export/plainLine.ts'
import type { ImportedChat } from '../../../shared/chats/import/imported.ts'
import { readChatsFile } from '../../../shared/chats/import/readChatsFile.ts'
import { chat as chatSchema, type Message, message as messageSchema } from '../../../shared/chats/types.ts'
import { answerRecordOf } from '../../support/chats.ts'
import { randomChat } from '../../support/randomChat.ts'

const exported = readFileSync(new URL('../../fixtures/chats/conversations.json', import.meta.url), 'utf8')

/** A tree with texts in place of ids: what has to survive new ids. */
function shapeOf(messages: readonly Message[], leafId: string | null) {
  const known = new Map(messages.map((message) => [message.id, message]))
  const pathTo = (id: string | null): string => {
    const message = id === null ? undefined : known.get(id)
    return message === undefined ? '' : `${pathTo(message.parentId)} > ${message.role}:${JSON.stringify(message.text)}`
  }
  return { nodes: messages.map(({ id }) => pathTo(id)).toSorted(), leaf: pathTo(leafId) }
}

/** Every message valid, under a parent that stands before it, in the chat; the seen end among them. */
function expectSound({ chat, messages }: ImportedChat) {
  expect(chatSchema.safeParse(chat).error).toBeUndefined()
  const seen = new Set<string>()
  for (const message of messages) {
    expect(messageSchema.safeParse(message).error).toBeUndefined()
    expect(message.chatId).toBe(chat.id)
    expect(seen.has(message.id)).toBe(false)
    if (message.parentId !== null) expect(seen.has(message.parentId)).toBe(true)
    seen.add(message.id)
  }
  expect(chat.leafId === null ? messages.length === 0 : seen.has(chat.leafId)).toBe(true)
}

test('an export of ChatGPT keeps its branches, and bridges what is not for a person', () => {
  const { chats, skipped } = readChatsFile(exported)
  expect(skipped).toEqual([{ kind: 'chat', chat: { title: 'Nothing', place: 3 }, reason: 'no-text' }])
  const [bees, quote] = chats
  if (bees === undefined || quote === undefined) throw new Error('two chats are expected')
  for (const one of chats) expectSound(one)
  expect(bees.chat).toMatchObject({ title: 'Bees and home', isPinned: true, createdAtMs: 1_700_000_000_100 })
  const answer = 'assistant:"````python\\nprint(\'```\')\\n````\\n\\nThey stay at home."'
  expect(shapeOf(bees.messages, bees.chat.leafId)).toEqual({
    leaf: ` > user:"How do bees find home?" > assistant:"By landmarks and the sun." > user:"[picture]\\n\\nAnd at night?" > ${answer}`,
    nodes: [
      ' > user:"A question of its own root"',
      ' > user:"How do bees find home?"',
      ' > user:"How do bees find home?" > assistant:"By landmarks and the sun."',
      ' > user:"How do bees find home?" > assistant:"By landmarks and the sun." > user:"And in the dark?"',
      ' > user:"How do bees find home?" > assistant:"By landmarks and the sun." > user:"[picture]\\n\\nAnd at night?"',
      ` > user:"How do bees find home?" > assistant:"By landmarks and the sun." > user:"[picture]\\n\\nAnd at night?" > ${answer}`,
      ' > user:"How do bees find home?" > assistant:"By the sun."',
    ],
  })
  expect(bees.messages.find(({ text }) => text === 'By the sun.')?.writer?.title).toBe('gpt-4')
  expect(bees.messages.find(({ text }) => text === 'By the sun.')?.createdAtMs).toBe(1_700_000_005_500)
  expect(quote.chat.settings.systemText).toBe('Answer in verse.')
  expect(quote.messages.at(-1)?.text).toBe('> First line\n> Second line\n>\n> A page, https://example.org/')
})

test('what Hearth exports, Hearth takes in as the same tree under new ids', () => {
  fc.assert(
    fc.property(fc.array(randomChat, { minLength: 1, maxLength: 3 }), (originals) => {
      const text = exportJson(originals.map((one) => ({ ...one, records: null, withSettings: true })))
      const { chats, skipped } = readChatsFile(text)
      expect(skipped).toEqual([])
      expect(chats).toHaveLength(originals.length)
      for (const [index, original] of originals.entries()) {
        const read = chats[index]
        if (read === undefined) throw new Error('as many chats as were exported')
        expectSound(read)
        expect(shapeOf(read.messages, read.chat.leafId)).toEqual(shapeOf(original.messages, original.chat.leafId))
        expect(read.chat.title).toBe(plainLine(original.chat.title))
        const bare = ({ id, chatId, parentId, ...rest }: Message) => JSON.stringify(rest)
        expect(read.messages.map(bare).toSorted()).toEqual(original.messages.map(bare).toSorted())
        const old = new Set(original.messages.map(({ id }) => id))
        expect(read.messages.some(({ id }) => old.has(id))).toBe(false)
      }
    }),
  )
})

test('records come along, under the new ids of their messages', () => {
  const writer = { key: 'b'.repeat(64), id: 'm', title: 'M', family: 'F', variant: 'chat' as const }
  const [one] = fc.sample(
    randomChat.filter(({ messages }) => messages.length > 0),
    { numRuns: 1, seed: 5 },
  )
  const first = one?.messages[0]
  if (one === undefined || first === undefined) throw new Error('a chat with a message')
  const record = { ...answerRecordOf(first.id), writer, library: 'half' as const, adapter: 'a card' }
  const { chats } = readChatsFile(exportJson([{ ...one, records: [record], withSettings: false }]))
  const read = chats[0]?.records[0]
  expect(read).toEqual({ ...record, messageId: read?.messageId })
  expect(chats[0]?.messages.find(({ id }) => id === read?.messageId)?.text).toBe(first.text)
})

// Anything in place of any value, or a value taken away, or a parent made its own child.
const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', -1, 1e300, [], {}, 'root', 'q1', 'a3', 'x'.repeat(300), '\ud800'),
)

function mutated(value: unknown, at: number, replacement: unknown, isRemoved: boolean): unknown {
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = []
  const open = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    const holder = next as Record<string, unknown>
    for (const key of Object.keys(holder)) {
      places.push({ holder, key })
      open.push(holder[key])
    }
  }
  const place = places[at % places.length]
  if (place === undefined) return value
  if (isRemoved) delete place.holder[place.key]
  else place.holder[place.key] = replacement
  return value
}

test('any change of a file gives chats or a reason, never an error and never a circle', () => {
  const files = [
    exported,
    exportJson(
      fc.sample(randomChat, { numRuns: 3, seed: 9 }).map((one) => ({ ...one, records: null, withSettings: true })),
    ),
  ]
  const change = fc.tuple(fc.nat(), junk, fc.boolean())
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
      let value: unknown = JSON.parse(file)
      for (const [at, replacement, isRemoved] of changes) value = mutated(value, at, replacement, isRemoved)
      const { chats, skipped } = readChatsFile(JSON.stringify(value))
      expect(chats.length + skipped.length).toBeGreaterThan(0)
      for (const one of chats) expectSound(one)
    }),
    { numRuns: 400 },
  )
})

test('any text gives chats or a reason', () => {
  const cut = fc.nat(exported.length).map((length) => exported.slice(0, length))
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), cut), (text) => {
      const { chats, skipped } = readChatsFile(text)
      expect(chats.length + skipped.length).toBeGreaterThan(0)
    }),
  )
})

test('a mapping of nodes in a circle is cut, and one of 50,000 nodes in a row is read', () => {
  const said = (text: string, role = 'user') => ({ author: { role }, content: { content_type: 'text', parts: [text] } })
  const circle = {
    a: { message: said('one'), parent: 'c', children: ['b'] },
    b: { message: null, parent: 'a', children: ['c'] },
    c: { message: said('two'), parent: 'b', children: ['a'] },
  }
  const turned = readChatsFile(JSON.stringify([{ title: 't', mapping: circle, current_node: 'c' }])).chats[0]
  expect(turned?.messages.map(({ text }) => text).toSorted()).toEqual(['one', 'two'])
  if (turned !== undefined) expectSound(turned)
  const row = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, at) => [
      `n${at}`,
      { message: at % 5 === 0 ? said(`${at}`) : null, parent: at === 0 ? null : `n${at - 1}`, children: [] },
    ]),
  )
  const deep = readChatsFile(JSON.stringify([{ title: 'deep', mapping: row, current_node: 'n49999' }])).chats[0]
  expect(deep?.messages).toHaveLength(10_000)
  expect(deep?.messages.find(({ id }) => id === deep.chat.leafId)?.text).toBe('49995')
})

test('a file of a newer version, of nobody we know, and names of prototypes are told plainly', () => {
  expect(readChatsFile('{"format":"hearth-chats","version":2,"chats":[]}').skipped).toEqual([
    { kind: 'file', reason: 'newer' },
  ])
  expect(readChatsFile('{"messages":[]}').skipped).toEqual([{ kind: 'file', reason: 'not-known' }])
  const hostile =
    '[{"title":"p","mapping":{"__proto__":{"parent":null,"message":{"author":{"role":"user"},"content":"hi","__proto__":{"polluted":1}}},"constructor":{"parent":"__proto__","message":{"author":{"role":"assistant"},"content":"ho"}}}}]'
  const { chats } = readChatsFile(hostile)
  expect(chats[0]?.messages.map(({ text }) => text)).toEqual(['hi', 'ho'])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

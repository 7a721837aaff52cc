// Chats on their way out: what is saved under which name, what goes along, and what a failure leaves.
import { expect, test } from 'vitest'
import { createExporting, type ExportingParts } from '../../../renderer/state/exporting.ts'
import { readChatsFile } from '../../../shared/chats/import/readChatsFile.ts'
import type { AnswerRecord } from '../../../shared/chats/types.ts'
import { chatNamed, messageIn } from '../../support/chats.ts'

const writer = { key: 'a'.repeat(64), id: 'm', title: 'A model', family: 'F', variant: 'chat' as const }
const chat = chatNamed('Bees: home?')
const question = messageIn(chat.id, 'How?')
const first = messageIn(chat.id, 'By *sun*.', { role: 'assistant', parentId: question.id, writer })
const second = messageIn(chat.id, 'By <b>smell</b>.', { role: 'assistant', parentId: question.id, writer })
const whole = { chat: { ...chat, leafId: second.id }, messages: [question, first, second] }

function open(parts: Partial<ExportingParts> = {}) {
  const saved: { name: string; kind: string; text: string }[] = []
  const recorded: string[] = []
  let prints = 0
  const exporting = createExporting({
    read: async () => whole,
    record: async (messageId): Promise<AnswerRecord | null> => {
      recorded.push(messageId)
      return null
    },
    save: async (file) => {
      saved.push(file)
      return true
    },
    print: async () => {
      prints += 1
    },
    renderHtml: async () => null,
    words: () => ({
      you: 'You',
      model: 'Model',
      text: 'Text',
      input: 'Input',
      system: 'System',
      untitled: 'Chat',
      about: 'Hearth',
    }),
    language: () => 'en',
    ...parts,
  })
  return { exporting, saved, recorded, prints: () => prints }
}

test('Markdown and HTML hold the branch that is seen, JSON the whole tree', async () => {
  const { exporting, saved, recorded } = open({ renderHtml: async () => '<p>rendered</p>' })
  await exporting.save(chat.id, 'markdown')
  await exporting.save(chat.id, 'html')
  await exporting.save(chat.id, 'json')
  expect(saved.map(({ name, kind }) => [name, kind])).toEqual([
    ['Bees home.md', 'md'],
    ['Bees home.html', 'html'],
    ['Bees home.json', 'json'],
  ])
  const [markdown, html, json] = saved.map(({ text }) => text)
  expect(markdown).toContain('## A model\n\nBy <b>smell</b>.')
  expect(markdown).not.toContain('sun')
  expect(html).toContain('<div class="body" dir="auto"><p>rendered</p></div>')
  expect(html).toContain('<div class="plain" dir="auto">How?</div>')
  expect(readChatsFile(json ?? '').chats[0]?.messages).toHaveLength(3)
  expect(json).not.toContain('"settings"')
  expect(recorded).toEqual([])
})

test('what was sent for each answer goes along when it is asked for', async () => {
  const { exporting, saved, recorded } = open()
  await exporting.save(chat.id, 'complete')
  expect(saved[0]?.text).toContain('"settings"')
  expect(recorded).toEqual([first.id, second.id])
})

test('a chat without a name is called after its beginning', async () => {
  const untitled = { ...whole, chat: { ...whole.chat, title: '' } }
  const { exporting, saved } = open({ read: async () => untitled })
  await exporting.save(chat.id, 'markdown')
  expect(saved[0]?.name).toBe('How.md')
})

test('a failure is kept until it is dismissed, and the next export forgets it', async () => {
  const gone = new Error('gone')
  let fails = true
  const { exporting, saved } = open({
    read: async () => {
      if (fails) throw gone
      return whole
    },
  })
  await exporting.save(chat.id, 'json')
  expect(exporting.store.getState().failure).toBe(gone)
  fails = false
  await exporting.save(chat.id, 'json')
  expect(exporting.store.getState().failure).toBeNull()
  expect(saved).toHaveLength(1)
})

test('a chat is laid out before it is printed, and put away afterwards', async () => {
  const { exporting, prints } = open()
  await exporting.print(chat.id)
  expect(exporting.store.getState().printed?.path.map(({ text }) => text)).toEqual(['How?', 'By <b>smell</b>.'])
  expect(prints()).toBe(0)
  await exporting.laidOut()
  expect(prints()).toBe(1)
  expect(exporting.store.getState().printed).toBeNull()
})

// A chat in the forms that leave the app: nothing in a text can change what stands around it.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closed, fenced } from '../../../shared/chats/export/fence.ts'
import { fileName } from '../../../shared/chats/export/fileName.ts'
import { exportHtml } from '../../../shared/chats/export/html.ts'
import { exportJson } from '../../../shared/chats/export/json.ts'
import { type ExportWords, exportMarkdown } from '../../../shared/chats/export/markdown.ts'
import { plainLine } from '../../../shared/chats/export/plainLine.ts'
import type { Message } from '../../../shared/chats/types.ts'
import { messageIn } from '../../support/chats.ts'
import { randomChat } from '../../support/randomChat.ts'

const words: ExportWords = {
  you: 'You',
  model: 'Model',
  text: 'Text',
  input: 'Input',
  system: 'System prompt',
  untitled: 'Chat',
  about: 'Exported from Hearth',
}

function said(role: Message['role'], text: string, more: Partial<Message> = {}): Message {
  return messageIn(crypto.randomUUID(), text, { role, createdAtMs: 0, ...more })
}

test('Markdown has a heading for whoever speaks, and a text of a base model in a fence', () => {
  const path = [
    said('user', 'Sort [these]', { input: 'b a' }),
    said('assistant', 'Here:\n\n```\na b'),
    said('document', 'Once ``` upon'),
  ]
  expect(exportMarkdown({ title: '*Sorting*', systemText: 'Be *brief*.', path }, words)).toBe(
    [
      '# \\*Sorting\\*',
      'Exported from Hearth',
      '## System prompt',
      '```\nBe *brief*.\n```',
      '## You',
      'Sort [these]',
      '**Input**',
      '```\nb a\n```',
      '## Model',
      'Here:\n\n```\na b\n```',
      '## Text',
      '````\nOnce ``` upon\n````\n',
    ].join('\n\n'),
  )
})

/** Whether a line stands outside every fence, as CommonMark reads them. */
function isOutside(markdown: string, line: string): boolean {
  let fence: string | null = null
  for (const one of markdown.split('\n')) {
    const run = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(one.replace(/\r$/, ''))
    if (fence === null && one === line) return true
    const [, mark = '', rest = ''] = run ?? []
    if (fence === null && mark !== '' && !(mark.startsWith('`') && rest.includes('`'))) fence = mark
    else if (fence !== null && mark.startsWith(fence) && rest.trim() === '') fence = null
  }
  return false
}

test('no text leaves a fence open, and none closes the fence around it', () => {
  const piece = fc.constantFrom('```', '````', '~~~', '~~~~', '\n', '\r\n', ' ', 'x', '`', '    ', '<!--', '<pre>')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = pieces.join('')
      expect(isOutside(`${closed(text)}\n\n## Next`, '## Next')).toBe(true)
      expect(isOutside(`${fenced(text)}\n\n## Next`, '## Next')).toBe(true)
      expect(fenced(text).split('\n').slice(1, -1).join('\n')).toBe(text)
    }),
  )
  expect(closed('<!-- open\n\n<b>x</b>\n```\n<!-- code\n```')).toBe('\\<!-- open\n\n<b>x</b>\n```\n<!-- code\n```')
})

test('an HTML page holds every text as text, forbids every request and has no script', () => {
  const hostile = '</div></section><script>alert(1)</script><img src=x onerror=alert(1)>'
  const path = [said('user', hostile, { input: hostile }), said('assistant', 'x')]
  const page = exportHtml({ title: hostile, systemText: hostile, path }, [null, '<p>fine</p>'], words, 'en')
  expect(page).not.toMatch(/<script|<img/)
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`)
  expect(page).toContain('<p>fine</p>')
  expect(page.match(/<section/g)).toHaveLength(3)
  expect(page.match(/<\/section>/g)).toHaveLength(3)
})

test('names of files are names on every system, and titles one visible line', () => {
  expect(fileName('Bees: what/now?', 'Chat', 'md')).toBe('Bees what now.md')
  expect(fileName('../..', 'Chat', 'json')).toBe('Chat.json')
  expect(fileName('CON', 'Chat', 'html')).toBe('CON chat.html')
  expect(plainLine('a\u202etxt.exe\u0000\nb')).toBe('atxt.exe b')
  expect(plainLine('👩‍🚀 नमस्ते')).toBe('👩‍🚀 नमस्ते')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
      const name = fileName(title, 'Chat', 'md')
      expect(name).toMatch(/^[^<>:"/\\|?*\p{Cc}]+\.md$/u)
      expect(name.length).toBeLessThanOrEqual(90)
      expect(name.startsWith('.')).toBe(false)
      expect(name.isWellFormed()).toBe(true)
    }),
  )
})

test('settings and records are in the JSON when they are asked for, the draft never', () => {
  const [one] = fc.sample(randomChat, { numRuns: 1, seed: 3 })
  if (one === undefined) throw new Error('a chat')
  const chat = { ...one.chat, draft: { text: 'not sent', input: '' } }
  const without = exportJson([{ ...one, chat, records: null, withSettings: false }])
  expect(without).not.toContain('settings')
  expect(without).not.toContain('not sent')
  expect(exportJson([{ ...one, chat, records: null, withSettings: true }])).toContain('settings')
})

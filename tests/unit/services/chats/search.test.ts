// Searching: any word of any script, however it is written, and nothing that a person types is syntax.

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { excerptOf } from '../../../../electron/services/chats/excerpt.ts'
import { soughtPart } from '../../../../electron/services/chats/words.ts'
import { chatNamed, type KeptChats, keptChats, messageIn } from '../../../support/chats.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let folder: string
let kept: KeptChats
beforeAll(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-search-'))
  kept = keptChats({ folder })
})
afterAll(() => {
  kept[Symbol.dispose]()
  rmSync(folder, { recursive: true, force: true })
})

const search = (text: string, chatId: string | null = null, limit = 50) => kept.search({ text, chatId, limit })

const texts = {
  german: 'Der Käfer saß in der Größenordnung von Zürich.',
  english: 'The naïve café owner wrote C++ -> Rust, don’t you know? NOT "quoted" AND (nested)*',
  chinese: '我昨天在北京大学学习机器学习。',
  japanese: 'きのう東京タワーへ行きました。データベース',
  korean: '서울에서 기차를 탔습니다',
  thai: 'ฉันรักภาษาไทยมาก',
  russian: 'Москва — столица России',
  emoji: 'A castle 🏰 and a rose 🌹',
  mixed: 'iPhone15の発売日は2023年9月22日、使用React框架',
  code: 'const foo_bar = baz.qux(42)',
} as const
type Name = keyof typeof texts

describe('in texts of many scripts', () => {
  const names = new Map<string, Name>()
  beforeAll(() => {
    const chat = chatNamed('Many scripts')
    const messages = (Object.keys(texts) as Name[]).map((name) => {
      const message = messageIn(chat.id, texts[name])
      names.set(message.id, name)
      return message
    })
    kept.create(chat, messages)
  })
  const found = (text: string) => search(text).map(({ messageId }) => names.get(messageId))

  test.each([
    ['käfer', 'german', 'Käfer'],
    ['KAFER', 'german', 'Käfer'],
    ['zur', 'german', 'Zürich'],
    ['naive cafe', 'english', 'naïve'],
    ['C++', 'english', 'C'],
    ['->', 'english', '->'],
    ['don’t', 'english', 'don’t'],
    ['quot', 'english', 'quoted'],
    ['北京', 'chinese', '北京'],
    ['京', 'japanese', '京'],
    ['机器学习', 'chinese', '机器学习'],
    ['学', 'chinese', '学'],
    ['タワー', 'japanese', 'タワー'],
    ['データ', 'japanese', 'データ'],
    ['서울', 'korean', '서울'],
    ['기차', 'korean', '기차'],
    ['ภาษาไทย', 'thai', 'ภาษาไทย'],
    ['москв', 'russian', 'Москва'],
    ['🏰', 'emoji', '🏰'],
    ['rose 🌹', 'emoji', 'rose'],
    ['2023年', 'mixed', '2023年'],
    ['iphone15の', 'mixed', 'iPhone15の'],
    ['react', 'mixed', 'React'],
    ['発売日', 'mixed', '発売日'],
    ['iphone', 'mixed', 'iPhone15'],
    ['foo_bar', 'code', 'foo_bar'],
    ['qux(42', 'code', 'qux(42'],
  ] as const)('%j is found in the %s text, at %j', (text, name, marked) => {
    expect(found(text)).toContain(name)
    const hit = search(text).find(({ messageId }) => names.get(messageId) === name)
    const marks = hit?.marks.map(([start, end]) => hit.excerpt.slice(start, end)) ?? []
    expect(marks.join(' ')).toContain(marked)
  })

  test.each(['kafers', 'zur berlin', '北海', 'タワ東', 'AND nothing', 'text:castle', '⚓'])(
    '%j is found nowhere',
    (text) => {
      expect(found(text)).toEqual([])
    },
  )

  test('whatever is typed is an answer, and what is found holds the words', () => {
    const seed = Date.now() & 0x7fffffff
    console.info(`seed ${seed}`)
    const pieces = [
      '"',
      "'",
      '*',
      '(',
      ')',
      ':',
      '^',
      '-',
      '+',
      ' AND ',
      ' OR ',
      ' NOT ',
      ' NEAR(',
      '{',
      '}',
      ',',
      '\0',
    ]
    const typed = fc
      .array(fc.oneof(fc.constantFrom(...pieces, ...Object.values(texts)), fc.string({ unit: 'binary', maxLength: 9 })))
      .map((parts) => parts.join('').slice(0, 500))
      .filter((text) => text.length > 0)
    fc.assert(
      fc.property(typed, (text) => {
        for (const { excerpt, marks } of search(text))
          for (const [start, end] of marks) if (start < 0 || end <= start || end > excerpt.length) return false
        return true
      }),
      { seed, numRuns: 2000 },
    )
  })

  test('any part of a text in a script without spaces is found', () => {
    const spaceless = ['chinese', 'japanese', 'korean', 'thai'] as const
    const part = fc.constantFrom(...spaceless).chain((name) => {
      const all = [...new Intl.Segmenter().segment(texts[name])].map(({ segment }) => segment)
      return fc
        .tuple(fc.constant(name), fc.nat(all.length - 1), fc.integer({ min: 1, max: 6 }))
        .map(([, start, length]) => ({ name, text: all.slice(start, start + length).join('') }))
    })
    fc.assert(
      fc.property(part, ({ name, text }) => {
        fc.pre(/\p{L}/u.test(text))
        return found(text).includes(name)
      }),
      { numRuns: 500 },
    )
  })
})

test('the newest come first, within one chat where that is asked, and no more than the limit', () => {
  const [one, two] = [chatNamed('one'), chatNamed('two')]
  kept.create(one, [messageIn(one.id, 'lighthouse keeper'), messageIn(one.id, 'the lighthouse')])
  kept.create(two, [messageIn(two.id, 'lighthouses')])
  expect(search('lighthouse').map(({ title }) => title)).toEqual(['two', 'one', 'one'])
  expect(search('lighthouse', one.id).map(({ excerpt }) => excerpt)).toEqual(['the lighthouse', 'lighthouse keeper'])
  expect(search('lighthouse', null, 1)).toHaveLength(1)
})

test('an answer that is being written is found when it is done, and an edit when it is made', () => {
  const chat = chatNamed('')
  const answer = messageIn(chat.id, '', { role: 'assistant', state: 'streaming' })
  kept.create(chat, [answer])
  kept.append(answer.id, 0, 'A marmalade cat')
  expect(search('marmalade')).toEqual([])
  kept.changeMessage(answer.id, { state: 'done' })
  expect(search('marmalade')).toHaveLength(1)
  kept.changeMessage(answer.id, { text: 'A tabby cat' })
  expect(search('marmalade')).toEqual([])
  expect(search('tabby')).toHaveLength(1)
  kept.changeMessage(answer.id, { state: 'streaming' })
  kept.append(answer.id, 11, ' sleeps')
  kept.changeMessage(answer.id, { state: 'done' })
  expect(search('tabby sleep')).toHaveLength(1)
})

test('the input of an instruction is searched too', () => {
  const chat = chatNamed('')
  kept.create(chat, [messageIn(chat.id, 'Summarise this.', { input: 'The zeppelin rose slowly.' })])
  expect(search('zeppelin')).toMatchObject([{ excerpt: 'The zeppelin rose slowly.', marks: [[4, 12]] }])
})

test('an excerpt of a long text stands around the first place', () => {
  const [hit] = (() => {
    const chat = chatNamed('')
    kept.create(chat, [messageIn(chat.id, `${'word '.repeat(5000)}obelisk ${'🏰'.repeat(500)} obelisk`)])
    return search('obelisk')
  })()
  expect(hit?.excerpt.length).toBeLessThan(300)
  expect(hit?.excerpt).toMatch(/^….*obelisk .*…$/u)
  expect(hit?.excerpt.isWellFormed()).toBe(true)
  expect(hit?.marks.map(([start, end]) => hit.excerpt.slice(start, end))).toEqual(['obelisk'])
})

test('marks say what they mean, wherever they are', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', minLength: 1 }))),
      (parts) => {
        const marked = parts.map(([plain, found]) => `${plain}<${found}>`).join('')
        fc.pre(!parts.some(([plain, found]) => /[<>]/.test(plain + found)))
        const { excerpt, marks } = excerptOf({
          texts: [marked],
          markStart: '<',
          markEnd: '>',
          sought: [],
          otherwise: [],
        })
        const all = parts.map(([plain, found]) => plain + found).join('')
        return (
          all.includes(excerpt.replace(/^…/u, '').replace(/…$/u, '')) &&
          marks.every(
            ([start, end], index) => start < end && end <= excerpt.length && start >= (marks[index - 1]?.[1] ?? 0),
          )
        )
      },
    ),
    { numRuns: 1000 },
  )
})

test('a text without such scripts takes no room for them', () => {
  expect(soughtPart('Plain English, größer, Москва 42')).toBeNull()
  expect(soughtPart('a東京b')).toBe('a 東 京 b')
})

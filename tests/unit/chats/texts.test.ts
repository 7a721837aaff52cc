// A branch as one text for a base model, as turns for the others, and its name.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { turnsOf } from '../../../shared/chats/history.ts'
import { mostScaffoldCharacters, parseDialogue, scaffolded, scaffoldStops } from '../../../shared/chats/scaffold.ts'
import { titleOf } from '../../../shared/chats/title.ts'
import type { Message } from '../../../shared/chats/types.ts'
import type { PromptTemplate } from '../../../shared/model.ts'
import { joinTurns } from '../../../shared/prompts/joinTurns.ts'
import { someMessage } from '../../support/chatMessages.ts'

const user = (number: number, text: string, input = '') => someMessage(number, number - 1, { text, input })
const answer = (number: number, text: string) => someMessage(number, number - 1, { role: 'assistant', text })
const document = (number: number, text: string, scaffold: Message['scaffold']) =>
  someMessage(number, number - 1, { role: 'document', text, scaffold })

const plainTemplate: PromptTemplate = { kind: 'completion' }
const turns = (path: readonly Message[]) => turnsOf(path, plainTemplate).map(({ role, text }) => [role, text])

describe('a branch as a text', () => {
  test('plain: its texts, a blank line apart', () => {
    expect(scaffolded([user(1, ' Hi! ', 'a note'), answer(2, 'Hello.'), answer(3, '')], 'plain').text).toBe(
      'Hi!\n\na note\n\nHello.',
    )
  })

  test('dialogue: a line for each, and the next one opened', () => {
    const path = [user(1, 'Hi!'), answer(2, 'Hello.')]
    expect(scaffolded(path.slice(0, 1), 'dialogue').text).toBe('User: Hi!\nAssistant:')
    expect(scaffolded(path, 'dialogue').text).toBe('User: Hi!\nAssistant: Hello.\nUser:')
    expect(scaffolded([], 'dialogue').text).toBe('User:')
    expect(scaffolded([], 'plain').text).toBe('')
  })

  test('a document holds everything before it, to the letter', () => {
    const text = ' Once \n\n upon\n'
    expect(scaffolded([user(1, 'Hi!'), document(2, text, 'plain')], 'dialogue').text).toBe(text)
    expect(scaffolded([document(1, 'Once', 'plain'), user(2, 'More?'), answer(3, 'No.')], 'plain').text).toBe(
      'Once\n\nMore?\n\nNo.',
    )
    expect(scaffolded([document(1, 'User: A\nAssistant: B\nUser:', 'dialogue'), user(2, 'C')], 'dialogue').text).toBe(
      'User: A\nAssistant: B\nUser: C\nAssistant:',
    )
  })

  test('what models wrote is known in the text, continuations counted on', () => {
    const writer = { key: '0'.repeat(64), id: 'a/b', title: 'B', family: 'B', variant: 'chat' } as const
    const told = { ...answer(3, ' It rained. '), writer }
    const page = { ...document(1, 'Once upon', 'plain'), written: [{ start: 5, end: 9, continuation: 2 }] }
    const { text, written } = scaffolded([page, user(2, 'And?'), told, { ...answer(4, 'More.'), writer }], 'plain')
    const marked = written.map(({ start, end, continuation }) => [text.slice(start, end), continuation])
    expect(marked).toEqual([
      ['upon', 2],
      ['It rained.', 3],
      ['More.', 4],
    ])
    const dialogue = scaffolded([user(1, 'Hi!'), { ...told, parentId: null }], 'dialogue')
    expect(dialogue.written.map(({ start, end }) => dialogue.text.slice(start, end))).toEqual(['It rained.'])
  })

  test('of a very long conversation the newest messages, whole', () => {
    const long = Array.from({ length: 1000 }, (_, index) => user(index + 1, `${index} ${'word '.repeat(40)}`))
    const { text } = scaffolded(long, 'plain')
    expect(text.length).toBeGreaterThan(mostScaffoldCharacters * 0.9)
    expect(text.length).toBeLessThan(mostScaffoldCharacters * 1.1)
    expect(text).toMatch(/^\d+ word/)
    expect(text.endsWith(`999 ${'word '.repeat(40)}`.trim())).toBe(true)
  })

  test('only a dialogue ends at the other one’s line', () => {
    expect(scaffoldStops('plain')).toEqual([])
    expect(scaffoldStops('dialogue')).toEqual(['\nUser:'])
  })
})

describe('a dialogue as turns', () => {
  test('what comes before the first name is the user’s; opened lines are nothing', () => {
    expect(parseDialogue('A story.\nAssistant: Yes,\nand more.\nUser:')).toEqual([
      { role: 'user', text: 'A story.' },
      { role: 'assistant', text: 'Yes,\nand more.' },
    ])
  })

  const words = fc
    .array(fc.constantFrom('Tim', 'saw', 'a', 'dog.', '\n\n', '\n', ':', '🙂'), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join(' ').replace(/^\s+|\s+$/g, ''))
    .filter((text) => text !== '')

  test('a text of turns comes back as those turns', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 8 }), (texts) => {
        const path = texts.map((text, index) => (index % 2 === 0 ? user(index, text) : answer(index, text)))
        const back = parseDialogue(scaffolded(path, 'dialogue').text)
        expect(back).toEqual(path.map(({ role, text }) => ({ role, text })))
      }),
    )
  })
})

describe('a branch as turns', () => {
  test('an exchange without a reply is left out; the last question stays', () => {
    expect(turns([user(1, 'A'), answer(2, ''), user(3, 'B'), answer(4, 'C'), user(5, 'D')])).toEqual([
      ['user', 'B'],
      ['assistant', 'C'],
      ['user', 'D'],
    ])
  })

  test('a plain document stands before the next question, apart from it and sent with it', () => {
    const path = [user(1, 'A'), answer(2, 'B'), document(3, 'Once.', 'plain'), user(4, 'And?')]
    const found = turnsOf(path, plainTemplate)
    expect(found).toMatchObject([
      { role: 'user', text: 'Once.', mayBeCut: true, messageIds: [path[2]?.id] },
      { role: 'user', text: 'And?', messageIds: [path[3]?.id] },
    ])
    expect(joinTurns(found)).toEqual([{ role: 'user', text: 'Once.\n\nAnd?' }])
  })

  test('a dialogue document is the turns it was made of', () => {
    const text = 'User: A\nAssistant: B\nUser:'
    expect(turns([user(1, 'A'), answer(2, 'B'), document(3, text, 'dialogue'), user(4, 'C')])).toEqual([
      ['user', 'A'],
      ['assistant', 'B'],
      ['user', 'C'],
    ])
  })

  test('instruction and input join as the template does it', () => {
    const alpaca = { kind: 'turns', name: 'alpaca' } as PromptTemplate
    expect(turnsOf([user(1, 'Sum up.', 'Long text')], alpaca)[0]?.text).toBe('Sum up.\n\n### Input:\nLong text')
    expect(turns([user(1, 'Sum up.', 'Long text')])).toEqual([['user', 'Sum up.\n\nLong text']])
  })

  test('turns say which messages they are', () => {
    const path = [document(1, 'Once.', 'plain'), user(2, 'And?')]
    expect(turnsOf(path, plainTemplate).map(({ messageIds }) => messageIds)).toEqual(path.map(({ id }) => [id]))
  })

  test('no two turns of one role follow each other where they are sent', () => {
    const roles = fc.constantFrom('user', 'assistant', 'document') as fc.Arbitrary<Message['role']>
    fc.assert(
      fc.property(
        fc.array(fc.record({ role: roles, text: fc.constantFrom('', 'a', 'User: x\nAssistant:') })),
        (parts) => {
          const path = parts.map(({ role, text }, index) =>
            someMessage(index, index - 1, { role, text, scaffold: role === 'document' ? 'dialogue' : null }),
          )
          const found = joinTurns(turnsOf(path, plainTemplate))
          for (const [index, turn] of found.entries()) if (index > 0) expect(turn.role).not.toBe(found[index - 1]?.role)
        },
      ),
    )
  })
})

describe('a chat’s name', () => {
  test.each([
    ['What is a cat?', 'What is a cat?'],
    ['\n\n# Cats\nand dogs', 'Cats'],
    ['- **bold** `code`', 'bold code'],
    ['  \n', ''],
    ['-5 degrees', '-5 degrees'],
  ])('%j is %j', (text, title) => expect(titleOf(text)).toBe(title))

  test('it is short, one line, and no half character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const title = titleOf(text)
        expect(title.length).toBeLessThanOrEqual(82)
        expect(title).not.toMatch(/[\n\r]/)
        expect(title.isWellFormed()).toBe(true)
      }),
    )
  })
})

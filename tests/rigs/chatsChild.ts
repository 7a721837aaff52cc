// A process that keeps chats and writes in them as long as it lives. It says what it begins and what is acknowledged, one line each. It is made to be killed.
// node tests/rigs/chatsChild.ts <seed>, then the folder on its input: it starts in advance and waits for that.
import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { chatNamed, keptChats, messageIn } from '../support/chats.ts'
import { randomSource } from '../support/random.ts'

export type Line =
  | { readonly kind: 'open' }
  | { readonly kind: 'create'; readonly chatId: string; readonly texts: Readonly<Record<string, string>> }
  | { readonly kind: 'add'; readonly chatId: string; readonly texts: Readonly<Record<string, string>> }
  | { readonly kind: 'append'; readonly chatId: string; readonly id: string; readonly text: string }
  | { readonly kind: 'finish'; readonly chatId: string; readonly id: string }
  | { readonly kind: 'removeMessage'; readonly chatId: string; readonly id: string }
  | { readonly kind: 'removeChat'; readonly chatId: string }

const random = randomSource(Number(process.argv[2]))
const say = (text: string) => void writeSync(1, `${text}\n`)
/** Says what is to be done, does it, and says that it is done. */
const act = (line: Line, work: () => void) => {
  say(JSON.stringify(line))
  work()
  say('"done"')
}

for await (const folder of createInterface({ input: process.stdin })) {
  let kept: ReturnType<typeof keptChats> | null = null
  act({ kind: 'open' }, () => {
    kept = keptChats({ folder })
    kept.overview()
  })
  if (kept !== null) write(kept)
}

function write(kept: ReturnType<typeof keptChats>): never {
  let chat = chatNamed('')
  for (let turn = 0; ; turn++) {
    const question = messageIn(chat.id, `question ${turn} ${random()}`)
    const answer = messageIn(chat.id, '', { role: 'assistant', state: 'streaming', parentId: question.id })
    const texts = { [question.id]: question.text, [answer.id]: '' }
    if (turn % 4 === 0) {
      chat = { ...chatNamed(''), id: chat.id }
      act({ kind: 'create', chatId: chat.id, texts }, () => kept.create(chat, [question, answer]))
    } else act({ kind: 'add', chatId: chat.id, texts }, () => kept.add(chat.id, [question, answer], answer.id))
    let length = 0
    for (let part = 0; part < 1 + random() * 12; part++) {
      const text = random() < 0.2 ? ` 日本語${part}🏰` : ` word${part} ${'x'.repeat(random() * 300)}`
      act({ kind: 'append', chatId: chat.id, id: answer.id, text }, () => kept.append(answer.id, length, text))
      length += text.length
    }
    act({ kind: 'finish', chatId: chat.id, id: answer.id }, () => kept.changeMessage(answer.id, { state: 'done' }))
    if (random() < 0.2)
      act({ kind: 'removeMessage', chatId: chat.id, id: answer.id }, () =>
        kept.removeMessages(chat.id, [answer.id], null),
      )
    if (turn % 4 === 3) {
      if (random() < 0.3) act({ kind: 'removeChat', chatId: chat.id }, () => kept.remove([chat.id]))
      chat = chatNamed('')
    }
  }
}

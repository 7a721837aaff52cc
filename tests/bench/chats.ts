// node tests/bench/chats.ts [messages]: how long a chats file of so many messages (100,000) takes to open, to list, to search and to copy, each beside the
// same with an empty one. On a shared machine absolute times are noise: each is the median of some.
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeBackup } from '../../electron/services/chats/backups.ts'
import { soundnessOf } from '../../electron/services/chats/check.ts'
import { placesIn } from '../../electron/services/chats/places.ts'
import type { Message } from '../../shared/chats/types.ts'
import { memoryFolder } from '../rigs/memoryFolder.ts'
import { chatNamed, type KeptChats, keptChats, messageIn } from '../support/chats.ts'
import { randomSource } from '../support/random.ts'

const messages = Number(process.argv[2] ?? 100_000)
const inLongChat = Math.min(10_000, messages / 10)
const random = randomSource(1)
const letters = 'etaoinshrdlucmfwypvbgkq'
const vocabulary = Array.from({ length: 20_000 }, () =>
  Array.from({ length: 2 + Math.floor(random() * 9) }, () => letters[Math.floor(random() ** 2 * letters.length)]).join(
    '',
  ),
)
/** Words are as unequal in number as those of a language are. */
const word = () => vocabulary[Math.floor(vocabulary.length * random() ** 6)]
/** Every eighth word ends a clause, every tenth message has code or an emoji in it. */
const stop = () =>
  random() < 0.125 ? ([',', '.', ',', '.', '!', '?', ' –', ':', '”', ')'][Math.floor(random() * 10)] ?? '') : ''
const extras = [
  'a -> b',
  'if (x !== y) {\n  z += f(x)[0] ?? -y;\n}',
  '🙂',
  '👍🏽',
  '👨‍👩‍👧',
  '---',
  '🇩🇪',
  '| a | b |\n|---|---|',
  '❤️',
  '** **',
]
const extra = () => (random() < 0.1 ? ` ${extras[Math.floor(random() * extras.length)]}` : '')
const text = () =>
  `${Array.from({ length: 20 + Math.floor(random() * 80) }, () => word() + stop()).join(' ')}.${extra()}`

function fill(kept: KeptChats): string {
  let longChat = ''
  for (let written = 0; written < messages; ) {
    const chat = chatNamed('')
    const count = Math.min(written === 0 ? inLongChat : 100, messages - written)
    longChat ||= chat.id
    let parentId: string | null = null
    const all: Message[] = Array.from({ length: count }, (_, index) => {
      const one = messageIn(chat.id, text(), { parentId, role: index % 2 === 0 ? 'user' : 'assistant' })
      parentId = one.id
      return one
    })
    kept.create({ ...chat, leafId: parentId }, all)
    written += count
  }
  return longChat
}

function median(work: () => void, times = 9): number {
  const all = Array.from({ length: times }, () => {
    const startMs = performance.now()
    work()
    return performance.now() - startMs
  })
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN
}

const say = (what: string, fullMs: number, emptyMs: number | null) =>
  console.log(
    `${what.padEnd(44)} ${fullMs.toFixed(1).padStart(8)} ms${emptyMs === null ? '' : `   empty ${emptyMs.toFixed(1)} ms, ratio ${(fullMs / emptyMs).toFixed(1)}`}`,
  )

const root = memoryFolder('hearth-bench-chats-')
try {
  const [full, empty] = [join(root, 'full'), join(root, 'empty')]
  const both = [full, empty] as const
  let longChat = ''
  const startMs = performance.now()
  {
    using kept = keptChats({ folder: full })
    longChat = fill(kept)
  }
  const sizeMb = statSync(join(full, 'chats.db')).size / 2 ** 20
  console.log(
    `${messages} messages, ${sizeMb.toFixed(0)} MB, written in ${((performance.now() - startMs) / 1000).toFixed(1)} s`,
  )
  const measured = (work: (folder: string) => void) =>
    both.map((folder) => median(() => work(folder))) as [number, number]
  const opening = measured((folder) => {
    using kept = keptChats({ folder })
    kept.opened.ask(() => {})
  })
  say('open', ...opening)
  const listing = measured((folder) => {
    using kept = keptChats({ folder })
    kept.overview()
  })
  say('open and list', ...listing)
  using kept = keptChats({ folder: full })
  using none = keptChats({ folder: empty })
  say(
    'list',
    median(() => kept.overview()),
    median(() => none.overview()),
  )
  say(
    `open the chat of ${inLongChat} messages`,
    median(() => kept.open(longChat)),
    null,
  )
  const rare = vocabulary[15_000] ?? ''
  const usual = vocabulary[0] ?? ''
  for (const [what, sought] of [
    ['a rare word', rare],
    ['the most usual word', usual],
    ['two words', `${usual} ${vocabulary[3]}`],
    ['a rare and the most usual word', `${rare} ${usual}`],
    ['one letter', 'e'],
    ['two letters', 'et'],
    ['three letters', 'eta'],
    ['a word that is nowhere', 'zzzyx'],
    ['an emoji', '🙂'],
    ['an emoji that is nowhere', '🏰'],
    ['the most usual sign', '.'],
    ['all the usual signs', '. , ! ? :'],
    ['signs of code', '!=='],
    ['signs that are nowhere', '<=>'],
    ['usual signs, nowhere together', ',.,.'],
    ['a usual word and a sign that is nowhere', `${usual} 🏰`],
    ['Chinese that is nowhere', '北京'],
  ] as const) {
    const search = (chats: KeptChats) => median(() => chats.search({ text: sought, chatId: null, limit: 50 }))
    say(
      `search: ${what} (${kept.search({ text: sought, chatId: null, limit: 500 }).length} hits)`,
      search(kept),
      search(none),
    )
  }
  const chat = chatNamed('')
  const answer = messageIn(chat.id, '', { role: 'assistant', state: 'streaming' })
  kept.create(chat, [answer])
  let length = 0
  say(
    'append 200 characters',
    median(() => {
      kept.append(answer.id, length, 'x'.repeat(200))
      length += 200
    }, 101),
    null,
  )
  say(
    'add a message',
    median(() => kept.add(chat.id, [messageIn(chat.id, text())], null), 101),
    null,
  )
  using database = new DatabaseSync(join(full, 'chats.db'), { readOnly: true })
  say(
    'quick check, after an unclean end',
    median(() => soundnessOf(database, 'quick'), 3),
    null,
  )
  say(
    'copy and check it, in its thread',
    median(() => makeBackup(database, placesIn(full), Date.now()), 3),
    null,
  )
  say(
    'write it anew, at the start after a deletion',
    median(() => kept.opened.ask((chats) => chats.erased([chat.id])), 3),
    null,
  )
} finally {
  rmSync(root, { recursive: true, force: true })
}

// Kills a process that keeps chats, at random moments of its writing and of its opening, and counts what it had acknowledged and what is not there.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { keptChats } from '../support/chats.ts'
import type { Line } from './chatsChild.ts'
import { memoryFolder } from './memoryFolder.ts'

export interface KillReport {
  readonly kills: number
  /** Kills while a request was being answered, by its kind. */
  readonly interrupted: Readonly<Record<string, number>>
  readonly acknowledged: number
  /** Messages and parts that were acknowledged. */
  readonly messages: number
  readonly appends: number
  /** What was acknowledged and is not so. */
  readonly lost: readonly string[]
  /** What SQLite found wrong. */
  readonly damage: readonly string[]
}

const child = fileURLToPath(new URL('./chatsChild.ts', import.meta.url))
const killsOfFolder = 25
const compiled = join(tmpdir(), `hearth-compiled-${process.pid}`)
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))

/** Two folders at a time; while a process writes, the next is on its way. @param random the only source of chance */
export async function killChats(kills: number, random: () => number): Promise<KillReport> {
  let left = kills
  const reports: KillReport[] = []
  const lane = async (): Promise<void> => {
    let next = startChild(random)
    while (left > 0) {
      const count = Math.min(left, killsOfFolder)
      left -= count
      const folder = memoryFolder('hearth-kill-chats-')
      try {
        const state: State = { chats: new Map(), removed: new Set() }
        for (let kill = 0; kill < count; kill++) {
          const current = next
          next = startChild(random)
          reports.push(await killOnce(current, folder, state, random))
        }
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }
    next.kill('SIGKILL')
  }
  await Promise.all([lane(), lane()])
  return reports.reduce(plus)
}

function startChild(random: () => number): ChildProcess {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
  const seed = String(Math.floor(random() * 2 ** 31))
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child, seed], { env })
}

/** What has to be there. */
interface State {
  readonly chats: Map<string, Map<string, string>>
  readonly removed: Set<string>
}

async function killOnce(
  running: ChildProcess,
  folder: string,
  state: State,
  random: () => number,
): Promise<KillReport> {
  let output = ''
  let errors = ''
  running.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const linesBefore = random() < 0.1 ? 0 : Math.floor(random() * 150)
  const delayMs = Math.floor(random() * (linesBefore === 0 ? 40 : 4))
  let isComing = false
  running.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (isComing || output.split('\n').length <= linesBefore) return
    isComing = true
    setTimeout(() => running.kill('SIGKILL'), delayMs)
  })
  running.stdin?.write(`${folder}\n`)
  const [code] = await once(running, 'close')
  if (code !== null) throw new Error(`it ended by itself: ${errors}`)
  const lines = output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line | 'done')
  let begun: Line | null = null
  let [acknowledged, messages, appends] = [0, 0, 0]
  for (const line of lines) {
    if (line !== 'done') {
      begun = line
      continue
    }
    if (begun === null) continue
    acknowledged++
    if ('texts' in begun) messages += Object.keys(begun.texts).length
    if (begun.kind === 'append') appends++
    apply(state, begun)
    begun = null
  }
  const { lost, damage } = judge(folder, state, begun)
  const interrupted = { [begun?.kind ?? 'between']: 1 }
  return { kills: 1, interrupted, acknowledged, messages, appends, lost, damage }
}

function apply({ chats, removed }: State, line: Line): void {
  switch (line.kind) {
    case 'open':
    case 'finish':
      return
    case 'create':
      chats.set(line.chatId, new Map(Object.entries(line.texts)))
      return
    case 'add':
      for (const [id, text] of Object.entries(line.texts)) chats.get(line.chatId)?.set(id, text)
      return
    case 'append':
      chats.get(line.chatId)?.set(line.id, (chats.get(line.chatId)?.get(line.id) ?? '') + line.text)
      return
    case 'removeMessage':
      chats.get(line.chatId)?.delete(line.id)
      return
    case 'removeChat':
      removed.add(line.chatId)
      return
    default:
      line satisfies never
  }
}

const copyOf = ({ chats, removed }: State): State => ({
  chats: new Map([...chats].map(([id, texts]) => [id, new Map(texts)])),
  removed: new Set(removed),
})

/** The one request that nobody heard the answer to may have been done or not: the state is made what is found. */
function judge(
  folder: string,
  state: State,
  begun: Line | null,
): { readonly lost: readonly string[]; readonly damage: readonly string[] } {
  const found: State = { chats: new Map(), removed: new Set() }
  const states = new Set<string>()
  {
    using kept = keptChats({ folder })
    const { chats, notice } = kept.overview()
    if (notice.kind !== 'none') return { lost: [JSON.stringify(notice)], damage: [] }
    for (const { id } of chats) {
      const { messages } = kept.open(id)
      for (const message of messages) states.add(message.state)
      found.chats.set(id, new Map(messages.map((message) => [message.id, message.text])))
    }
  }
  const undone = differences(state, found)
  const done = copyOf(state)
  if (begun !== null) apply(done, begun)
  const isDone = undone.length > 0 && differences(done, found).length === 0
  if (isDone && begun !== null) apply(state, begun)
  const stillStreaming = states.has('streaming') ? ['a message is still streaming'] : []
  return { lost: [...(isDone ? [] : undone), ...stillStreaming], damage: damageOf(folder) }
}

function differences(expected: State, found: State): readonly string[] {
  const wrong: string[] = []
  for (const [chatId, texts] of expected.chats) {
    if (expected.removed.has(chatId)) {
      if (found.chats.has(chatId)) wrong.push(`chat ${chatId} is there again`)
      continue
    }
    const there = found.chats.get(chatId)
    if (there === undefined) wrong.push(`chat ${chatId} is gone`)
    for (const [id, text] of texts)
      if (there?.get(id) !== text) wrong.push(`message ${id}: ${text.length} characters, ${there?.get(id)?.length}`)
    if (there !== undefined && there.size !== texts.size) wrong.push(`chat ${chatId} has ${there.size} messages`)
  }
  for (const id of found.chats.keys()) if (!expected.chats.has(id)) wrong.push(`chat ${id} came from nowhere`)
  return wrong
}

function damageOf(folder: string): readonly string[] {
  using database = new DatabaseSync(join(folder, 'chats.db'))
  const rows = database.prepare('PRAGMA integrity_check').all()
  const damage = rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok')
  try {
    database.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
  } catch (error) {
    damage.push(String(error))
  }
  return damage
}

function plus(a: KillReport, b: KillReport): KillReport {
  const kinds = [...Object.keys(a.interrupted), ...Object.keys(b.interrupted)]
  const sum = (kind: string) => (a.interrupted[kind] ?? 0) + (b.interrupted[kind] ?? 0)
  return {
    kills: a.kills + b.kills,
    interrupted: Object.fromEntries(kinds.map((kind) => [kind, sum(kind)])),
    acknowledged: a.acknowledged + b.acknowledged,
    messages: a.messages + b.messages,
    appends: a.appends + b.appends,
    lost: [...a.lost, ...b.lost],
    damage: [...a.damage, ...b.damage],
  }
}

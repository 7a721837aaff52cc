// Random requests, repeated, senseless and in any order, to the database and to a plain model: the same answers, the same refusals, the same content.

import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import { type Chat, type Message, usualChatSettings } from '../../../../shared/chats/types.ts'
import { answerRecordOf, chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { type ChatsModel, createChatsModel } from '../../../support/chatsModel.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

const pool = (count: number) => Array.from({ length: count }, () => randomUUID() as string)
const [chatIds, messageIds, folderIds, itemIds] = [pool(4), pool(12), pool(3), pool(3)]
const chatId = fc.constantFrom(...chatIds)
const messageId = fc.constantFrom(...messageIds)
const folderId = fc.option(fc.constantFrom(...folderIds))
const leafId = fc.option(messageId)
// Lone surrogates have no form in UTF-8; the window never sends them.
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('日本語', 'สวัสดี', '\0', ''),
  )
  .map((value) => value.toWellFormed())
const state = fc.constantFrom('done' as const, 'streaming' as const, 'interrupted' as const)
const chat = fc
  .record({
    id: chatId,
    title: fc.constantFrom('', 'A title'),
    folderId,
    isPinned: fc.boolean(),
    leafId,
    updatedAtMs: fc.nat(99),
  })
  .map((rest): Chat => ({ ...chatNamed(''), ...rest }))
const message = fc
  .record({
    id: messageId,
    chatId,
    parentId: fc.option(messageId),
    text,
    state,
    input: text,
    seed: fc.option(fc.nat()),
  })
  .map(({ chatId: of, text: body, ...rest }): Message => messageIn(of, body, rest))
const sameChat = (all: readonly Message[], id: string) => all.map((one) => ({ ...one, chatId: id }))
const messages = fc.array(message, { maxLength: 4 })

type Request = (chats: Omit<ChatsModel, 'restart'>) => unknown
const named = (name: string, request: Request): Request => Object.assign(request, { toString: () => name })

const requests: readonly fc.Arbitrary<Request>[] = [
  fc.tuple(chat, messages).map(([one, all]) => named('create', (chats) => chats.create(one, sameChat(all, one.id)))),
  fc.array(fc.tuple(chat, messages, fc.array(messageId, { maxLength: 1 })), { maxLength: 3 }).map((all) =>
    named('createAll', (chats) =>
      chats.createAll(
        all.map(([one, its, recorded]) => ({
          chat: one,
          messages: sameChat(its, one.id),
          records: recorded.map((id) => answerRecordOf(id)),
        })),
      ),
    ),
  ),
  fc
    .tuple(chatId, messages, leafId)
    .map(([id, all, leaf]) => named('add', (chats) => chats.add(id, sameChat(all, id), leaf))),
  fc
    .tuple(chatId, messages, leafId)
    .map(([id, all, leaf]) => named('add of others', (chats) => chats.add(id, all, leaf))),
  fc
    .tuple(
      chatId,
      fc.record(
        { title: fc.constantFrom('', 'Renamed'), folderId, isPinned: fc.boolean(), leafId },
        { requiredKeys: [] },
      ),
    )
    .map(([id, change]) => named('change', (chats) => chats.change(id, change))),
  chatId.map((id) =>
    named('draft', (chats) =>
      chats.change(id, { draft: { text: 'd', input: '' }, settings: { ...usualChatSettings, whenFull: 'stop' } }),
    ),
  ),
  fc.array(chatId).map((ids) => named('remove', (chats) => chats.remove(ids))),
  fc.array(chatId).map((ids) => named('restore', (chats) => chats.restore(ids))),
  fc
    .tuple(messageId, fc.nat(30), text)
    .map(([id, at, added]) => named('append', (chats) => chats.append(id, at, added))),
  // At the end, as a window does it, and sometimes twice.
  fc.tuple(chatId, messageId, text, fc.boolean()).map(([of, id, added, isTwice]) =>
    named('append at the end', (chats) => {
      const at = chats.open(of).messages.find((one) => one.id === id)?.text.length ?? 0
      chats.append(id, at, added)
      if (isTwice) chats.append(id, at, `${added}more`)
    }),
  ),
  fc
    .tuple(messageId, fc.record({ text, state, seed: fc.option(fc.nat()) }, { requiredKeys: [] }))
    .map(([id, change]) => named('changeMessage', (chats) => chats.changeMessage(id, change))),
  fc
    .tuple(chatId, fc.array(messageId, { minLength: 1, maxLength: 3 }), leafId)
    .map(([id, ids, leaf]) => named('removeMessages', (chats) => chats.removeMessages(id, ids, leaf))),
  messageId.map((id) => named('keepRecord', (chats) => chats.keepRecord(answerRecordOf(id)))),
  messageId.map((id) => named('record', (chats) => chats.record(id))),
  chatId.map((id) => named('open', (chats) => chats.open(id))),
  fc
    .tuple(fc.constantFrom(...folderIds), fc.constantFrom('a', 'b'))
    .map(([id, name]) => named('putFolder', (chats) => chats.putFolder({ id, name }))),
  fc.constantFrom(...folderIds).map((id) => named('removeFolder', (chats) => chats.removeFolder(id))),
  fc
    .tuple(fc.constantFrom(...itemIds), fc.constantFrom('a', 'b'), text)
    .map(([id, name, body]) => named('putItem', (chats) => chats.putItem({ kind: 'system', id, name, text: body }))),
  fc.constantFrom(...itemIds).map((id) => named('removeItem', (chats) => chats.removeItem(id))),
]
type Step =
  | { readonly kind: 'ask'; readonly request: Request }
  | { readonly kind: 'restart'; readonly isNewRun: boolean }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.oneof(...requests).map((request) => ({ kind: 'ask' as const, request })) },
  { weight: 1, arbitrary: fc.boolean().map((isNewRun) => ({ kind: 'restart' as const, isNewRun })) },
)

/** What came of it: a value, or the code of an expected problem. */
function outcome(work: () => unknown): unknown {
  try {
    return work() ?? null
  } catch (error) {
    if (error instanceof ServiceError) return { refused: error.problem.code }
    throw error
  }
}

test('the database answers as the model does, whatever is asked', { timeout: 120_000 }, () => {
  const seed = Date.now() & 0x7fffffff
  console.info(`seed ${seed}`)
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (steps) => {
      const folder = mkdtempSync(join(quickFolder, 'hearth-model-'))
      let clockMs = 100
      const now = () => clockMs
      const model = createChatsModel(now)
      let run = randomUUID()
      let kept = keptChats({ folder, run, now })
      try {
        for (const one of steps) {
          clockMs++
          if (one.kind === 'restart') {
            if (one.isNewRun) run = randomUUID()
            kept[Symbol.dispose]()
            kept = keptChats({ folder, run, now })
            model.restart(one.isNewRun)
          } else
            expect(
              outcome(() => one.request(kept)),
              String(one.request),
            ).toEqual(outcome(() => one.request(model)))
          const titles = <T extends { readonly title: string }>(all: readonly T[]) =>
            all.map(({ title: _, ...rest }) => rest)
          const [is, should] = [kept.overview(), model.overview()]
          expect({ ...is, chats: titles(is.chats) }).toEqual({ ...should, chats: titles(should.chats) })
        }
        for (const id of chatIds) expect(outcome(() => kept.open(id))).toEqual(outcome(() => model.open(id)))
        kept[Symbol.dispose]()
        using database = new DatabaseSync(join(folder, 'chats.db'))
        expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
        expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
        const streaming = database.prepare("SELECT count(*) AS count FROM message WHERE state = 'streaming'").get()
        if (streaming?.count === 0)
          database.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
      } finally {
        kept[Symbol.dispose]()
        rmSync(folder, { recursive: true, force: true })
      }
    }),
    { seed, numRuns: 150 },
  )
})

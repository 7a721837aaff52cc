// One line per request that the chats process answers.
import { setTimeout } from 'node:timers/promises'
import type { HandlersOf } from '../../shared/ipc.ts'
import type { Copies } from '../services/chats/copies.ts'
import { importChats, type ReadChatsFile } from '../services/chats/importChats.ts'
import type { OpenChats } from '../services/chats/openChats.ts'
import type { processRequests } from './contract.ts'

/** A copy of very many chats takes longer than the end of the app may. */
const copyPatienceMs = 3000

export function chatsHandlers(
  opened: Pick<OpenChats, 'ask' | typeof Symbol.dispose>,
  readChatsFile: ReadChatsFile,
  copies: Pick<Copies, 'facts' | 'settled' | 'erase'>,
): HandlersOf<typeof processRequests> {
  const { ask } = opened
  return {
    'chats.overview': async () => ask((chats) => chats.overview()),
    'chats.open': async ({ id }) => ask((chats) => chats.open(id)),
    'chats.create': async ({ chat, messages }) => done(ask((chats) => chats.create(chat, messages))),
    'chats.change': async ({ id, change }) => done(ask((chats) => chats.change(id, change))),
    'chats.remove': async ({ ids }) => done(ask((chats) => chats.remove(ids))),
    'chats.restore': async ({ ids }) => done(ask((chats) => chats.restore(ids))),
    'chats.add': async ({ chatId, messages, leafId }) => done(ask((chats) => chats.add(chatId, messages, leafId))),
    'chats.append': async ({ id, at, text }) => done(ask((chats) => chats.append(id, at, text))),
    'chats.changeMessage': async ({ id, change }) => done(ask((chats) => chats.changeMessage(id, change))),
    'chats.removeMessages': async ({ chatId, ids, leafId }) =>
      done(ask((chats) => chats.removeMessages(chatId, ids, leafId))),
    'chats.keepRecord': async (record) => done(ask((chats) => chats.keepRecord(record))),
    'chats.record': async ({ messageId }) => ask((chats) => chats.record(messageId)),
    'chats.search': async (request) => ask((chats) => chats.search(request)),
    'chats.putFolder': async (folder) => done(ask((chats) => chats.putFolder(folder))),
    'chats.removeFolder': async ({ id }) => done(ask((chats) => chats.removeFolder(id))),
    'chats.putItem': async (item) => done(ask((chats) => chats.putItem(item))),
    'chats.removeItem': async ({ id }) => done(ask((chats) => chats.removeItem(id))),
    'chats.copies': async () => copies.facts(),
    'chats.erase': ({ damaged }) => copies.erase(damaged),
    'process.import': ({ path }, signal) =>
      importChats(path, readChatsFile, (whole) => ask((chats) => chats.createAll(whole)), signal),
    'process.close': async () => {
      // Who closes a file that somebody else still reads leaves its log, which the next start takes for an unclean end.
      await Promise.race([copies.settled(), setTimeout(copyPatienceMs, null, { ref: false })])
      return done(opened[Symbol.dispose]())
    },
  }
}

function done(_work: unknown): null {
  return null
}

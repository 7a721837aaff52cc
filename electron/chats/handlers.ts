// One line per request that the chats process answers.
import type { HandlersOf } from '../../shared/ipc.ts'
import type { Chats } from '../services/chats/chats.ts'
import type { processRequests } from './contract.ts'

/** `opened` gives the chats, opening them where that has not worked before. */
export function chatsHandlers(opened: () => Chats): HandlersOf<typeof processRequests> {
  return {
    'chats.overview': async () => opened().overview(),
    'chats.open': async ({ id }) => opened().open(id),
    'chats.create': async ({ chat, messages }) => done(opened().create(chat, messages)),
    'chats.change': async ({ id, change }) => done(opened().change(id, change)),
    'chats.remove': async ({ ids }) => done(opened().remove(ids)),
    'chats.restore': async ({ ids }) => done(opened().restore(ids)),
    'chats.add': async ({ chatId, messages, leafId }) => done(opened().add(chatId, messages, leafId)),
    'chats.append': async ({ id, at, text }) => done(opened().append(id, at, text)),
    'chats.changeMessage': async ({ id, change }) => done(opened().changeMessage(id, change)),
    'chats.removeMessages': async ({ chatId, ids, leafId }) => done(opened().removeMessages(chatId, ids, leafId)),
    'chats.keepRecord': async (record) => done(opened().keepRecord(record)),
    'chats.record': async ({ messageId }) => opened().record(messageId),
    'chats.search': async (request) => opened().search(request),
    'chats.putFolder': async (folder) => done(opened().putFolder(folder)),
    'chats.removeFolder': async ({ id }) => done(opened().removeFolder(id)),
    'chats.putItem': async (item) => done(opened().putItem(item)),
    'chats.removeItem': async ({ id }) => done(opened().removeItem(id)),
    'process.import': async ({ path }) => opened().import(path),
  }
}

function done(_work: unknown): null {
  return null
}

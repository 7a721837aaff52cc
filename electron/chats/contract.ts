// What the chats process answers: the window's requests about chats, which main passes on unchanged, and main's own.
import { z } from 'zod'
import type { ImportResult } from '../../shared/chats/types.ts'
import { type Channel, request } from '../../shared/ipc.ts'
import { requestsOf } from '../ipc/passOn.ts'

/** The window's requests that main passes on. */
export const passedOn = [
  'chats.overview',
  'chats.open',
  'chats.create',
  'chats.change',
  'chats.remove',
  'chats.restore',
  'chats.add',
  'chats.append',
  'chats.changeMessage',
  'chats.removeMessages',
  'chats.keepRecord',
  'chats.record',
  'chats.search',
  'chats.putFolder',
  'chats.removeFolder',
  'chats.putItem',
  'chats.removeItem',
  'chats.copies',
  'chats.erase',
] as const satisfies readonly Channel[]
export type PassedOn = (typeof passedOn)[number]

const own = {
  /** A file that a person chose: its path stays out of the window. */
  'process.import': request<ImportResult>()(z.strictObject({ path: z.string().min(1).max(4096) })),
  /** Everything that was asked before is done, and the file closed, when it answers. */
  'process.close': request<null>()(z.undefined()),
} as const

export const processRequests = {
  ...requestsOf(passedOn),
  ...own,
} as const

/** What the process is started with: nothing in it is secret. */
export const processStart = z.strictObject({
  /** Where chats are kept. */
  folder: z.string(),
  /** Of this run of the app: a process that starts again in it can still restore what was removed in it. */
  run: z.uuid(),
})
export type ProcessStart = z.infer<typeof processStart>

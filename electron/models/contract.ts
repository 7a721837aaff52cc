// What the models process answers: the window's requests about models, jobs and the network, which main passes on unchanged, and main's own.
import { z } from 'zod'
import { type Channel, request } from '../../shared/ipc.ts'
import type { LocalFolder } from '../../shared/modelRecord.ts'
import { requestsOf } from '../ipc/passOn.ts'
import { networkConfiguration } from '../services/network/configuration.ts'

/** The window's requests that main passes on. */
export const passedOn = [
  'models.records',
  'models.measured',
  'models.verify',
  'models.repair',
  'models.remove',
  'catalog.inspect',
  'catalog.search',
  'local.foreign',
  'jobs.list',
  'jobs.install',
  'jobs.pause',
  'jobs.resume',
  'jobs.cancel',
  'jobs.move',
  'network.ledger',
] as const satisfies readonly Channel[]
export type PassedOn = (typeof passedOn)[number]

const own = {
  /** At the start and after each change: main owns the settings and the token. */
  'process.configure': request<null>()(networkConfiguration),
  /** A folder that a person chose or dropped: its path stays here, the window gets a token. */
  'process.folder': request<LocalFolder>()(z.strictObject({ path: z.string().min(1).max(4096) })),
  /** Where a model's folder or manifest is, for the file manager; null for a key nobody knows. */
  'process.locate': request<string | null>()(z.strictObject({ key: z.string() })),
  'process.moveFolder': request<{ readonly jobId: string }>()(z.strictObject({ path: z.string().min(1).max(4096) })),
} as const

export const processRequests = {
  ...requestsOf(passedOn),
  ...own,
} as const

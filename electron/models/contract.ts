// What the models process answers: the window's requests about models, jobs and the network, which main passes on unchanged, and main's own.
import { z } from 'zod'
import { request, requests } from '../../shared/ipc.ts'
import type { LocalFolder } from '../../shared/modelRecord.ts'

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
] as const satisfies readonly (keyof typeof requests)[]
export type PassedOn = (typeof passedOn)[number]

/** What the process goes by; main owns the settings and the token. Sent at the start and after each change. */
export const processConfiguration = z.strictObject({
  offline: z.boolean(),
  /** Null: HF_ENDPOINT or huggingface.co. */
  hubEndpoint: z.string().nullable(),
  token: z.string().nullable(),
  /** Address of an http proxy, with its password if it has one; null: none. */
  proxy: z.string().nullable(),
  connections: z.number().int().min(1).max(4),
  speedLimitBytesPerSecond: z.number().int().nullable(),
})
export type ProcessConfiguration = z.infer<typeof processConfiguration>

const own = {
  'process.configure': request<null>()(processConfiguration),
  /** A folder that a person chose or dropped: its path stays here, the window gets a token. */
  'process.folder': request<LocalFolder>()(z.strictObject({ path: z.string().min(1).max(4096) })),
  /** Where a model's folder or manifest is, for the file manager; null for a key nobody knows. */
  'process.locate': request<string | null>()(z.strictObject({ key: z.string() })),
  'process.moveFolder': request<{ readonly jobId: string }>()(z.strictObject({ path: z.string().min(1).max(4096) })),
} as const

export const processRequests = {
  ...(Object.fromEntries(passedOn.map((channel) => [channel, requests[channel]])) as Pick<typeof requests, PassedOn>),
  ...own,
} as const

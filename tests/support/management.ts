// What main would answer about jobs, models on the disk, hardware, settings and the ledger: one of each kind that the window has to show.
import type { Bridge, EventBridge } from '../../renderer/ipc.ts'
import type { HardwareReport } from '../../shared/hardware.ts'
import type { EventData, EventName } from '../../shared/ipc.ts'
import type { Job } from '../../shared/jobs.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import type { LedgerEntry } from '../../shared/network.ts'
import type { SettingsView } from '../../shared/settings.ts'

export const nowMs = Date.UTC(2026, 10, 28, 12)

export function jobOf(change: Partial<Job> & { readonly id: string }): Job {
  return {
    kind: 'install',
    title: 'mosaicml/mpt-7b-chat',
    state: 'running',
    stage: 'downloading',
    doneBytes: 4_200_000_000,
    totalBytes: 13_300_000_000,
    speedBytesPerSecond: 11_800_000,
    remainingMs: 771_000,
    compileFraction: 0.21,
    files: [
      { name: 'config.json', sizeBytes: 1200, doneBytes: 1200, isVerified: true },
      {
        name: 'pytorch_model-00001-of-00002.bin',
        sizeBytes: 9_943_000_000,
        doneBytes: 4_200_000_000,
        isVerified: false,
      },
    ],
    waiting: null,
    problem: null,
    modelKey: null,
    ...change,
  }
}

const still = { speedBytesPerSecond: null, remainingMs: null, compileFraction: null, files: [] } as const

export const jobs = {
  running: jobOf({ id: '00000000-0000-4000-8000-000000000001' }),
  waitingForHub: jobOf({
    id: '00000000-0000-4000-8000-000000000002',
    title: 'tiiuae/falcon-7b-instruct',
    ...still,
    waiting: {
      problem: { code: 'offline', host: 'huggingface.co', detail: 'ECONNRESET' },
      untilMs: nowMs + 12_000,
    },
  }),
  queued: jobOf({
    id: '00000000-0000-4000-8000-000000000003',
    title: 'mlc-ai/Mistral-7B-Instruct-v0.2-q4f16_1-MLC',
    state: 'waiting',
    stage: 'resolving',
    doneBytes: 0,
    totalBytes: null,
    ...still,
  }),
  failed: jobOf({
    id: '00000000-0000-4000-8000-000000000004',
    title: 'meta-llama/Llama-2-7b-chat-hf',
    state: 'failed',
    doneBytes: 0,
    totalBytes: null,
    ...still,
    problem: { code: 'gated', name: 'meta-llama/Llama-2-7b-chat-hf', withToken: false },
  }),
  done: jobOf({
    id: '00000000-0000-4000-8000-000000000005',
    title: 'EleutherAI/pythia-160m',
    state: 'done',
    stage: 'installing',
    doneBytes: 375_000_000,
    totalBytes: 375_000_000,
    ...still,
    compileFraction: 1,
    modelKey: 'd'.repeat(64),
  }),
} as const satisfies Readonly<Record<string, Job>>

export const report: HardwareReport = {
  system: { platform: 'linux', name: 'Debian GNU/Linux', version: '12', architecture: 'x64' },
  processor: { name: 'AMD Ryzen 7 7840U', cores: 8, threads: 16 },
  memory: { totalBytes: 33_500_000_000, availableBytes: 21_000_000_000 },
  graphics: [{ name: 'Radeon 780M', vendor: 'AMD', memoryBytes: null, driver: 'Mesa 25.1' }],
  disk: { freeBytes: 210_000_000_000, totalBytes: 512_000_000_000 },
  budget: { memoryBytes: 16_700_000_000, reason: 'half of the memory, which the graphics adapter shares' },
  probe: {
    adapter: {
      name: 'radeon 780m',
      vendor: 'amd',
      architecture: 'rdna-3',
      isSoftware: false,
      hasHalfPrecision: true,
      hasSubgroups: true,
      maximumBufferBytes: 4_294_967_292,
      maximumBindingBytes: 2_147_483_644,
      maximumWorkgroupInvocations: 1024,
    },
    bandwidthBytesPerSecond: 71e9,
    computeFlopsPerSecond: 4.1e12,
    measuredAtMs: nowMs - 60_000,
  },
}

export function recordOf(key: string, change: Partial<ModelRecord> = {}): ModelRecord {
  return {
    key,
    place: 'bundled',
    sizeBytes: 9_100_000,
    ownBytes: 9_100_000,
    addedAtMs: null,
    lastUsedAtMs: nowMs - 3_600_000,
    origin: null,
    lastVerifiedAtMs: null,
    damage: [],
    measurements: [],
    ...change,
  }
}

/** Of `ownChat` in tests/support/models.ts. */
export const ownRecord = recordOf('d'.repeat(64), {
  place: 'store',
  sizeBytes: 4_100_000_000,
  ownBytes: 3_900_000_000,
  addedAtMs: nowMs - 864e5,
  origin: { kind: 'checkpoint', repository: 'local/own-chat', commit: '0123456789abcdef0123456789abcdef01234567' },
  lastVerifiedAtMs: nowMs - 72e5,
  measurements: [
    {
      key: 'd'.repeat(64),
      adapterName: 'radeon 780m',
      memoryBytes: 14_600_000,
      contextTokens: 256,
      loadMs: 2300,
      decodeTokensPerSecond: 61.5,
      measuredAtMs: nowMs - 36e5,
    },
  ],
})

export const settingsView: SettingsView = {
  offline: false,
  offlineByEnvironment: false,
  hubEndpoint: null,
  hubEndpointInUse: 'https://huggingface.co',
  proxy: null,
  proxyInUse: null,
  keepCheckpoints: false,
  connections: 2,
  speedLimitBytesPerSecond: null,
  memoryBudgetBytes: null,
  token: 'none',
  modelsFolder: '/home/somebody/.local/share/hearth/models',
}

export function ledgerEntry(id: number, change: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id,
    startedAtMs: nowMs - (1000 - id) * 1000,
    method: 'GET',
    host: 'huggingface.co',
    path: '/api/models/mosaicml/mpt-7b-chat/tree/main',
    purpose: 'listing of mosaicml/mpt-7b-chat',
    withToken: false,
    status: 200,
    receivedBytes: 5120,
    durationMs: 210,
    problem: null,
    ...change,
  }
}

export const answered = <T>(value: T) => Promise.resolve({ ok: true as const, value })

/** Answers of a main process that has all of the above. */
export const managementAnswers: Partial<Bridge> = {
  'models.records': () => answered([recordOf('a'.repeat(64)), ownRecord]),
  'models.measured': () => answered(null),
  'jobs.list': () => answered(Object.values(jobs)),
  'jobs.pause': () => answered(null),
  'jobs.resume': () => answered(null),
  'jobs.cancel': () => answered(null),
  'jobs.move': () => answered(null),
  'hardware.read': () => answered(report),
  'hardware.probed': () => answered(null),
  'settings.read': () => answered(settingsView),
  'settings.write': (change) => answered({ ...settingsView, ...definedOf(change) } as SettingsView),
  'settings.token': ({ token }) => answered({ ...settingsView, token: token === null ? 'none' : 'stored' }),
  'network.ledger': () => answered([ledgerEntry(2, { withToken: true }), ledgerEntry(1, { status: 404 })]),
}

function definedOf(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

export interface FakeEvents {
  readonly bridge: EventBridge
  /** Tells whoever listens. */
  emit<E extends EventName>(name: E, data: EventData<E>): void
  /** How many listen. */
  listeners(): number
}

/** `window.hearthEvents` as a plain object. */
export function fakeEvents(): FakeEvents {
  const listeners = new Map<EventName, Set<(data: never) => void>>()
  const on = (name: EventName) => (listener: (data: never) => void) => {
    const known = listeners.get(name) ?? new Set()
    listeners.set(name, known.add(listener))
    return () => void known.delete(listener)
  }
  return {
    bridge: {
      'jobs.changed': on('jobs.changed'),
      'models.changed': on('models.changed'),
      'settings.changed': on('settings.changed'),
    },
    emit: (name, data) => {
      for (const listener of listeners.get(name) ?? []) listener(data as never)
    },
    listeners: () => [...listeners.values()].reduce((sum, known) => sum + known.size, 0),
  }
}

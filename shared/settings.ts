// What a person can set. The environment's values stand in where nothing is set here: desktop apps often do not inherit it.
import { z } from 'zod'

/** Each field null or false: as usual. */
export const settingsChange = z
  .strictObject({
    /** No request leaves this computer. */
    offline: z.boolean(),
    /** A Hub's address in place of HF_ENDPOINT and huggingface.co. */
    hubEndpoint: z.string().max(500).nullable(),
    /** An http proxy's address in place of the system's. */
    proxy: z.string().max(500).nullable(),
    /** Checkpoints stay after compiling unless a job says otherwise. */
    keepCheckpoints: z.boolean(),
    /** Connections per file. */
    connections: z.number().int().min(1).max(4),
    /** Bytes per second at most for downloads together. */
    speedLimitBytesPerSecond: z.number().int().min(1024).nullable(),
    /** Memory that loaded models may take together; null takes the computer's budget. */
    memoryBudgetBytes: z.number().int().positive().nullable(),
  })
  .partial()
export type SettingsChange = z.infer<typeof settingsChange>

/** Where the token for the Hub comes from. `memory`: the system offers no safe place, so it is forgotten when the app ends. */
export type TokenState = 'none' | 'environment' | 'file' | 'stored' | 'memory'

export interface SettingsView {
  readonly offline: boolean
  /** HF_HUB_OFFLINE: the switch cannot be turned off here. */
  readonly offlineByEnvironment: boolean
  readonly hubEndpoint: string | null
  /** The Hub that is asked. */
  readonly hubEndpointInUse: string
  readonly proxy: string | null
  /** Of the system or the environment, without a password; null without one. */
  readonly proxyInUse: string | null
  readonly keepCheckpoints: boolean
  readonly connections: number
  readonly speedLimitBytesPerSecond: number | null
  readonly memoryBudgetBytes: number | null
  readonly token: TokenState
  /** For reading only: where models are. */
  readonly modelsFolder: string
}

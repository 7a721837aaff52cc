// What is known of this computer: from its operating system, from WebGPU's adapter, and from short measurements.
import { z } from 'zod'

const bytes = z.number().nonnegative().finite()
const short = z.string().max(300)

/** From the main process. What the system does not tell is null. */
export interface HardwareReport {
  readonly system: {
    readonly platform: string
    readonly name: string
    readonly version: string
    readonly architecture: string
  }
  readonly processor: { readonly name: string; readonly cores: number; readonly threads: number }
  readonly memory: { readonly totalBytes: number; readonly availableBytes: number }
  readonly graphics: readonly {
    readonly name: string
    readonly vendor: string
    /** Memory of its own; null where it uses the computer's, or nobody tells. */
    readonly memoryBytes: number | null
    readonly driver: string | null
  }[]
  /** Of the disk with the models folder. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number }
  /** Memory that models may take together, and in half a sentence where the number comes from. */
  readonly budget: { readonly memoryBytes: number; readonly reason: string; readonly rule?: BudgetRule }
  /** Of this adapter, from earlier; null before. */
  readonly probe: AdapterProbe | null
}

/** Where the memory for models comes from, as data: the reason in any language. */
export type BudgetRule =
  | { readonly kind: 'processor'; readonly freeBytes: number }
  | { readonly kind: 'metal-two-thirds' | 'metal-three-quarters'; readonly totalBytes: number; readonly name: string }
  | { readonly kind: 'shared'; readonly totalBytes: number; readonly name: string }
  | { readonly kind: 'assumed'; readonly assumedBytes: number; readonly name: string }
  | { readonly kind: 'own'; readonly ownBytes: number; readonly reserveBytes: number; readonly name: string }

/** Of the adapter, from the page. */
export const adapterProbe = z.strictObject({
  adapter: z.strictObject({
    name: short,
    vendor: short,
    architecture: short,
    isSoftware: z.boolean(),
    hasHalfPrecision: z.boolean(),
    hasSubgroups: z.boolean(),
    maximumBufferBytes: bytes,
    maximumBindingBytes: bytes,
    maximumWorkgroupInvocations: z.number().int().nonnegative(),
  }),
  /** Bytes that a copy kernel moves per second, read and written, and multiply-adds of float32 counted twice; the medians of a short run. */
  bandwidthBytesPerSecond: z.number().positive().finite(),
  computeFlopsPerSecond: z.number().positive().finite(),
  measuredAtMs: z.number().nonnegative().finite(),
})
export type AdapterProbe = z.infer<typeof adapterProbe>

/** What was seen when a model ran here, to stand beside what was predicted. */
export const modelMeasurement = z.strictObject({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  adapterName: short,
  /** Of all buffers that its device held once it was loaded. */
  memoryBytes: bytes,
  contextTokens: z.number().int().positive(),
  loadMs: z.number().nonnegative().finite(),
  /** null: loaded, nothing written yet. */
  decodeTokensPerSecond: z.number().positive().finite().nullable(),
  measuredAtMs: z.number().nonnegative().finite(),
})
export type ModelMeasurement = z.infer<typeof modelMeasurement>

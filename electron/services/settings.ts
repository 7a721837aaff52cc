// What Hearth remembers about itself: settings.json in the data folder. A missing or damaged file, or field, means the usual value.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const pixels = z.number().int().min(-100_000).max(100_000)
const flag = z.boolean().default(false).catch(false)
const text = z.string().max(500).nullable().default(null).catch(null)
const bytes = z.number().int().positive().nullable().default(null).catch(null)

const settings = z.object({
  window: z
    .object({ x: pixels, y: pixels, width: pixels.positive(), height: pixels.positive(), maximized: z.boolean() })
    .nullable()
    .default(null)
    .catch(null),
  // What these mean stands in shared/settings.ts.
  offline: flag,
  hubEndpoint: text,
  proxy: text,
  keepCheckpoints: flag,
  connections: z.number().int().min(1).max(4).default(2).catch(2),
  speedLimitBytesPerSecond: bytes,
  memoryBudgetBytes: bytes,
  /** Where models are, once a person moved them. */
  modelsFolder: z.string().max(4096).nullable().default(null).catch(null),
})

export type Settings = Readonly<z.infer<typeof settings>>
/** Where the window was, in display-independent pixels, and whether it filled the screen. */
export type WindowPlace = Readonly<NonNullable<Settings['window']>>

export interface SettingsFile {
  read(): Settings
  /** Replaces the named settings; the file is exchanged in one step. */
  write(change: Partial<Settings>): void
}

/** Opens the settings in `file`. Synchronous, because the window's place is needed before the window. */
export function openSettings(file: string): SettingsFile {
  const read = () => settings.parse(readJson(file))
  return {
    read,
    write(change) {
      mkdirSync(dirname(file), { recursive: true })
      const temporary = `${file}.${process.pid}.new`
      writeFileSync(temporary, `${JSON.stringify({ ...read(), ...change }, null, 2)}\n`, { flush: true })
      renameSync(temporary, file)
    },
  }
}

function readJson(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
  } catch {
    return {}
  }
}

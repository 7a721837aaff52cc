// What is known of a model, whether its files are in the store or not: when it was used and checked, what was damaged, how it ran.
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { type ModelMeasurement, modelMeasurement } from '../../../shared/hardware.ts'
import type { FileDamage, KnownOfModel } from './store.ts'

export interface Known {
  of(key: string): KnownOfModel
  measured(measurement: ModelMeasurement): void
  checked(key: string, damage: readonly FileDamage[]): void
  /** Some of the damage that a check found is made good: this is what is left. */
  damaged(key: string, damage: readonly FileDamage[]): void
  forget(key: string): void
}

const damageList = z.array(
  z.strictObject({ file: z.string(), detail: z.string(), badBlocks: z.array(z.number()).nullable() }),
)
/** One for each adapter and context: the newest. */
const measurementList = z.array(modelMeasurement)
const measurementLimit = 8

export function createKnown(database: DatabaseSync, now: () => number): Known {
  const select = database.prepare('SELECT * FROM known WHERE key = ?')
  const used = database.prepare(
    `INSERT INTO known (key, last_used_at_ms, measurements) VALUES (?1, ?2, ?3)
     ON CONFLICT (key) DO UPDATE SET last_used_at_ms = ?2, measurements = ?3`,
  )
  const checked = database.prepare(
    `INSERT INTO known (key, last_verified_at_ms, damage) VALUES (?1, ?2, ?3)
     ON CONFLICT (key) DO UPDATE SET last_verified_at_ms = ?2, damage = ?3`,
  )
  const damaged = database.prepare('UPDATE known SET damage = ? WHERE key = ?')
  const drop = database.prepare('DELETE FROM known WHERE key = ?')
  const of = (key: string): KnownOfModel => {
    const row = select.get(key)
    const time = (value: unknown) => (typeof value === 'number' ? value : null)
    return {
      lastUsedAtMs: time(row?.last_used_at_ms),
      lastVerifiedAtMs: time(row?.last_verified_at_ms),
      damage: damageList.catch([]).parse(parsed(row?.damage)),
      measurements: measurementList.catch([]).parse(parsed(row?.measurements)),
    }
  }
  return {
    of,
    measured(measurement) {
      const others = of(measurement.key).measurements.filter(
        ({ adapterName, contextTokens }) =>
          adapterName !== measurement.adapterName || contextTokens !== measurement.contextTokens,
      )
      const kept = [measurement, ...others].slice(0, measurementLimit)
      used.run(measurement.key, now(), JSON.stringify(kept))
    },
    damaged: (key, damage) => void damaged.run(JSON.stringify(damage), key),
    checked: (key, damage) => void checked.run(key, now(), JSON.stringify(damage)),
    forget: (key) => void drop.run(key),
  }
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : []
}

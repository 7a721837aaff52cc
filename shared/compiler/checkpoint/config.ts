// Reads fields of config.json. Every failure names the field and says what was expected and what came; unknown fields are ignored.
import { CompileError } from '../../errors.ts'
import { quoted } from './json.ts'

export const configFile = 'config.json'

export type Fields = Readonly<Record<string, unknown>>

export interface Range {
  readonly minimum: number
  readonly maximum: number
}

/** The configuration as an object. */
export function configFields(config: unknown, file: string = configFile): Fields {
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new CompileError(file, '', 'expected a JSON object')
  return config as Fields
}

/** A whole number; without a default the field must be there. null counts as absent. */
export function integerField(fields: Fields, name: string, range: Range, whenAbsent?: number): number {
  const value = own(fields, name) ?? whenAbsent
  if (!Number.isSafeInteger(value) || !inRange(value as number, range))
    throw failure(name, value, `a whole number from ${range.minimum} to ${range.maximum}`)
  return value as number
}

/** A finite number; without a default the field must be there. */
export function numberField(fields: Fields, name: string, range: Range, whenAbsent?: number): number {
  const value = own(fields, name) ?? whenAbsent
  if (typeof value !== 'number' || !Number.isFinite(value) || !inRange(value, range))
    throw failure(name, value, `a number from ${range.minimum} to ${range.maximum}`)
  return value
}

export function booleanField(fields: Fields, name: string, whenAbsent: boolean): boolean {
  const value = own(fields, name) ?? whenAbsent
  if (typeof value !== 'boolean') throw failure(name, value, 'true or false')
  return value
}

/** One of the given texts. */
export function choiceField(fields: Fields, name: string, choices: readonly string[], whenAbsent?: string): string {
  const value = own(fields, name) ?? whenAbsent
  if (typeof value !== 'string' || !choices.includes(value))
    throw failure(name, value, choices.map((c) => quoted(c)).join(' or '))
  return value
}

/** An object, or null when the field is absent or null. */
export function objectField(fields: Fields, name: string): Fields | null {
  const value = own(fields, name) ?? null
  if (typeof value !== 'object' || Array.isArray(value)) throw failure(name, value, 'an object or null')
  return value as Fields | null
}

/** Token ids below `vocabularySize`: one id, a list, or absent (no ids). */
export function tokenIdsField(fields: Fields, name: string, vocabularySize: number, file?: string): readonly number[] {
  const value = own(fields, name) ?? []
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (
    ids.length > 64 ||
    !ids.every((id) => Number.isSafeInteger(id) && inRange(id as number, { minimum: 0, maximum: vocabularySize - 1 }))
  )
    throw failure(name, value, `token ids below ${vocabularySize}`, file)
  return ids as readonly number[]
}

/** A field's own value: names such as `constructor` and `__proto__` mean nothing here. */
export function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

function inRange(value: number, { minimum, maximum }: Range): boolean {
  return value >= minimum && value <= maximum
}

function failure(name: string, value: unknown, expected: string, file: string = configFile): CompileError {
  const came = value === undefined || value === null ? 'missing' : quoted(JSON.stringify(value), 60)
  return new CompileError(file, name, `${came}, expected ${expected}`)
}

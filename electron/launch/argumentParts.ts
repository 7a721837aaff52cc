// What the grammars of the commands share: node's parser with our errors, and values that are checked where they are read.
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** Wrong arguments: one line on stderr and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const help = { type: 'boolean', short: 'h' } as const

export function parse<const T extends NonNullable<ParseArgsConfig['options']>>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    // The first sentence says what is wrong; the next ones explain how `--` works.
    const [problem] = error instanceof Error ? error.message.split(/\. |\n/) : []
    throw new UsageError(problem ?? 'arguments could not be read', { cause: error })
  }
}

export function only(positionals: readonly string[], command: string, what: string): string {
  const [first, second] = positionals
  if (first === undefined) throw new UsageError(`${command}: ${what} is needed; see hearth ${command} --help`)
  if (second !== undefined) throw new UsageError(`${command}: unexpected argument ${second}; quote ${what} with spaces`)
  return first
}

export function number(name: string, text: string | undefined, minimum: number, maximum: number): number | null {
  if (text === undefined) return null
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value >= minimum && value <= maximum) return value
  throw new UsageError(`${name}: expected a number from ${minimum} to ${maximum}, got ${text}`)
}

/** A part of the whole: none at all would leave no token to draw. */
export function share(name: string, text: string | undefined): number | null {
  const value = number(name, text, 0, 1)
  if (value !== 0) return value
  throw new UsageError(`${name}: expected a number above 0, up to 1, got ${text}`)
}

export function integer(name: string, text: string | undefined, minimum: number, maximum: number): number | null {
  const value = number(name, text, minimum, maximum)
  if (value === null || Number.isInteger(value)) return value
  throw new UsageError(`${name}: expected a whole number, got ${text}`)
}

export function oneOf<const T extends string>(name: string, text: string | undefined, known: readonly T[]): T | null {
  if (text === undefined) return null
  const found = known.find((value) => value === text)
  if (found !== undefined) return found
  throw new UsageError(`${name}: expected ${known.join(', ')}, got ${text}`)
}

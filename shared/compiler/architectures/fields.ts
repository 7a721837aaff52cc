// Fields of config.json that architectures share beyond those of parts.ts: older spellings, activations, partial rotation, switches that are refused.
import { CompileError } from '../../errors.ts'
import {
  booleanField,
  choiceField,
  configFile,
  type Fields,
  integerField,
  numberField,
  objectField,
  own,
} from '../checkpoint/config.ts'
import type { Activation } from './spec.ts'

/** The first of the names a field goes by that is there (null counts as absent), otherwise the first: it is blamed when missing. */
export function spelling(fields: Fields, name: string, ...olderNames: readonly string[]): string {
  return [name, ...olderNames].find((candidate) => own(fields, candidate) != null) ?? name
}

/** transformers' names (src/transformers/activations.py); gelu_fast differs from gelu_new in rounding only. */
const activations: Readonly<Record<string, Activation>> = {
  gelu: 'gelu',
  gelu_new: 'geluTanh',
  gelu_fast: 'geluTanh',
  gelu_pytorch_tanh: 'geluTanh',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
}

export function activationField(fields: Fields, name: string, whenAbsent: string): Activation {
  const chosen = choiceField(fields, name, Object.keys(activations), whenAbsent)
  return activations[chosen] as Activation
}

/** Elements of a head that turn: the share `name` of them, or transformers 5's partial_rotary_factor, rounded down as transformers does. */
export function rotarySizeField(fields: Fields, name: string, headSize: number, whenAbsent: number): number {
  const range = { minimum: 0, maximum: 1 }
  const merged = objectField(fields, 'rope_parameters') ?? {}
  const share = numberField(merged, 'partial_rotary_factor', range, numberField(fields, name, range, whenAbsent))
  const size = Math.floor(share * headSize)
  if (size < 2 || size % 2 !== 0)
    throw new CompileError(configFile, name, `turns ${size} of ${headSize} elements, expected an even number`)
  return size
}

/** Elements of a head that turn, given as their number. */
export function rotaryCountField(fields: Fields, name: string, headSize: number, whenAbsent: number): number {
  const size = integerField(fields, name, { minimum: 2, maximum: headSize }, whenAbsent)
  if (size % 2 !== 0) throw new CompileError(configFile, name, `${size} is not even`)
  return size
}

/** Throws when a switch has the value that changes the mathematics in a way that nothing here computes. Absent is fine. */
export function refuseSwitch(fields: Fields, name: string, refused = true): void {
  if (booleanField(fields, name, !refused) === refused)
    throw new CompileError(configFile, name, `${refused} is not supported`)
}

/** Throws unless the field is absent, null or one of `accepted`. */
export function refuseOther(fields: Fields, name: string, accepted: readonly (string | number | boolean)[]): void {
  const value = own(fields, name) ?? null
  if (value === null || (accepted as readonly unknown[]).includes(value)) return
  const expected = accepted.length === 0 ? 'null' : accepted.map((one) => JSON.stringify(one)).join(' or ')
  throw new CompileError(
    configFile,
    name,
    `${JSON.stringify(value)?.slice(0, 60)} is not supported, expected ${expected}`,
  )
}

// The rotation of a configuration: base and stretching, in the two places where transformers has kept them.
import { CompileError } from '../../errors.ts'
import { configFile, type Fields, integerField, numberField, objectField, own } from '../checkpoint/config.ts'
import { limits } from './parts.ts'
import type { RopeScaling, RopeSpec } from './spec.ts'

/** rope_theta (or `thetaName`) and rope_scaling, or both in transformers 5's rope_parameters. Throws on any scaling but linear and llama3. */
export function ropeField(
  fields: Fields,
  size: number,
  pairing: RopeSpec['pairing'] = 'halves',
  thetaName = 'rope_theta',
): RopeSpec {
  const merged = objectField(fields, 'rope_parameters')
  const theta = numberField(
    merged ?? {},
    'rope_theta',
    limits.theta,
    numberField(fields, thetaName, limits.theta, 10_000),
  )
  return { theta, size, pairing, scaling: scalingOf(merged, merged ?? objectField(fields, 'rope_scaling')) }
}

function scalingOf(merged: Fields | null, scaling: Fields | null): RopeScaling {
  if (scaling === null) return { kind: 'none' }
  const kind = own(scaling, 'rope_type') ?? own(scaling, 'type') ?? (merged === null ? undefined : 'default')
  if (kind === 'default') return { kind: 'none' }
  const where = merged === null ? 'rope_scaling' : 'rope_parameters'
  if (kind !== 'linear' && kind !== 'llama3')
    throw new CompileError(
      configFile,
      `${where}.type`,
      `${JSON.stringify(kind) ?? 'missing'}, expected "linear" or "llama3"`,
    )
  const factor = own(scaling, 'factor')
  if (typeof factor !== 'number' || !(factor >= 1) || !(factor <= 65_536))
    throw new CompileError(
      configFile,
      `${where}.factor`,
      `${JSON.stringify(factor) ?? 'missing'}, expected a number from 1 to 65536`,
    )
  if (kind === 'linear') return { kind, factor }
  const lowFrequencyFactor = numberField(scaling, 'low_freq_factor', { minimum: 1e-3, maximum: 1e6 })
  const highFrequencyFactor = numberField(scaling, 'high_freq_factor', { minimum: 1e-3, maximum: 1e6 })
  if (highFrequencyFactor <= lowFrequencyFactor)
    throw new CompileError(configFile, `${where}.high_freq_factor`, 'is not greater than low_freq_factor')
  const originalContextTokens = integerField(scaling, 'original_max_position_embeddings', limits.context)
  return { kind, factor, lowFrequencyFactor, highFrequencyFactor, originalContextTokens }
}

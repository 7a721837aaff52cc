import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { addPositions } from '../../../shared/compiler/kernels/addPositions.ts'
import { append } from '../../../shared/compiler/kernels/append.ts'
import { applyBitmask } from '../../../shared/compiler/kernels/applyBitmask.ts'
import { applyLogitBias } from '../../../shared/compiler/kernels/applyLogitBias.ts'
import { applyPenalty } from '../../../shared/compiler/kernels/applyPenalty.ts'
import { attentionDecode, attentionMerge } from '../../../shared/compiler/kernels/attentionDecode.ts'
import { attentionPrefill } from '../../../shared/compiler/kernels/attentionPrefill.ts'
import { gated } from '../../../shared/compiler/kernels/gated.ts'
import type { Kernel } from '../../../shared/compiler/kernels/kernel.ts'
import { norm } from '../../../shared/compiler/kernels/norm.ts'
import { findPrefix, keepIds, prefixTurns } from '../../../shared/compiler/kernels/prefix.ts'
import { sampleTopP } from '../../../shared/compiler/kernels/sampleTopP.ts'
import { softmaxTemperature } from '../../../shared/compiler/kernels/softmax.ts'
import { type LibraryTarget, libraryTargets } from '../../../shared/compiler/kernels/target.ts'

const folder = join(import.meta.dirname, '../../fixtures/golden')
const shape = { heads: 4, kvHeads: 2, headSize: 48 }
const heads = { ...shape, scale: 1 / Math.sqrt(48), alibiSlopes: null }
const alibi = { ...heads, alibiSlopes: [0.25, 0.0625, 0.015625, 0.00390625] }
const rms = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false } as const
const vocabulary = 32_003

function kernelsOf(target: LibraryTarget): readonly Kernel[] {
  const named = (stem: string) => ({ name: `${stem}_${target}`, target })
  const split = { keys: 256 }
  return [
    norm({ ...named('rms_norm'), format: 'q4f16_1', columns: 288, ...rms }),
    norm({ ...named('layer_norm'), format: 'q4f16_1', columns: 288, ...rms, kind: 'layer', bias: true }),
    append({ ...named('append'), ...shape, rope: { size: 48, pairing: 'halves', shift: 6 }, clip: null }),
    attentionDecode({ ...named('attention_decode'), ...heads, split: null }),
    attentionDecode({ ...named('attention_decode_split'), ...heads, split }),
    attentionPrefill({ ...named('attention_prefill'), ...heads }),
    attentionPrefill({ ...named('prefix_prefill'), ...heads, prefix: true }),
    attentionDecode({ ...named('alibi_decode'), ...alibi, split }),
    attentionPrefill({ ...named('alibi_prefill'), ...alibi }),
    ...softmaxTemperature({ ...named('softmax'), vocabulary }).launches.map(({ kernel }) => kernel),
    sampleTopP({ ...named('sample_top_p'), vocabulary }),
  ]
}

/** Kernels that are the same for every target. */
const common: readonly Kernel[] = [
  attentionMerge({ name: 'attention_merge', ...heads }),
  append({
    name: 'append_partial',
    target: 'portable',
    ...shape,
    rope: { size: 12, pairing: 'halves', shift: 6 },
    clip: 8,
  }),
  append({
    name: 'append_neighbours',
    target: 'portable',
    ...shape,
    rope: { size: 24, pairing: 'neighbours', shift: 6 },
    clip: null,
  }),
  append({ name: 'append_plain', target: 'portable', ...shape, rope: null, clip: null }),
  append({
    name: 'append_planes',
    target: 'portable',
    ...shape,
    rope: { size: 24, pairing: 'halves', planes: 2, shift: null },
    clip: null,
  }),
  keepIds({ name: 'keep_ids' }),
  findPrefix({ name: 'find_prefix', startTokenId: 284, maskTokenIds: [281, 280] }),
  prefixTurns({ name: 'prefix_turns', size: 24, shift: 6 }),
  addPositions({ name: 'add_positions', target: 'portable', format: 'q4f16_1', columns: 288, rows: 2050, offset: 2 }),
  gated({ name: 'gated_silu', size: 768, activation: 'silu', gate: 'first' }),
  gated({ name: 'gated_gelu', size: 768, activation: 'gelu', gate: 'second' }),
  applyLogitBias({ name: 'apply_logit_bias', vocabulary }),
  applyPenalty({ name: 'apply_penalty', vocabulary }),
  applyBitmask({ name: 'apply_bitmask', vocabulary }),
]

test('the text of every kernel is the stored one (UPDATE_GOLDEN=1 rewrites them)', () => {
  for (const kernel of [...libraryTargets.flatMap(kernelsOf), ...common]) {
    const file = join(folder, `${kernel.name}.wgsl`)
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, kernel.wgsl)
    }
    expect(existsSync(file), `${file} is missing`).toBe(true)
    expect(kernel.wgsl, kernel.name).toBe(readFileSync(file, 'utf8'))
  }
})

test('half precision is asked for by the half target alone', () => {
  for (const target of libraryTargets) {
    const asking = kernelsOf(target).filter(({ wgsl }) => wgsl.includes('enable f16;'))
    expect(asking.length > 0, target).toBe(target === 'half')
  }
})

test('workgroup memory stays within the 16 KiB every adapter has, whatever the heads', () => {
  const bytesOf: Readonly<Record<string, number>> = {
    f32: 4,
    u32: 4,
    'atomic<u32>': 4,
    'vec2<u32>': 8,
    'vec3<f32>': 16,
    'vec4<f32>': 16,
  }
  for (const target of libraryTargets) {
    for (const perKv of [1, 4, 7, 8, 16]) {
      for (const headSize of [64, 128, 256]) {
        const shape = { target, heads: perKv, kvHeads: 1, headSize, scale: 1, alibiSlopes: Array(perKv).fill(0.5) }
        for (const kernel of [
          attentionPrefill({ name: 'prefill', ...shape }),
          attentionDecode({ name: 'decode', ...shape, split: { keys: 256 } }),
        ]) {
          const used = [...kernel.wgsl.matchAll(/var<workgroup> \w+ : array<(.+), (\d+)>;/g)]
            .map(([, type, length]) => (bytesOf[type as string] as number) * Number(length))
            .reduce((sum, bytes) => sum + bytes, 0)
          expect(used, `${kernel.name} ${target} ${perKv}`).toBeGreaterThan(0)
          expect(used, `${kernel.name} ${target} ${perKv}`).toBeLessThanOrEqual(16_384)
        }
      }
    }
  }
})

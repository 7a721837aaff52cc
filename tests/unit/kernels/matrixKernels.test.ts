// The text of the matrix kernels: golden files show what a change does to them (UPDATE_GOLDEN=1 rewrites), and impossible shapes are refused.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { embedding } from '../../../shared/compiler/kernels/embedding.ts'
import type { Kernel } from '../../../shared/compiler/kernels/kernel.ts'
import { matmul } from '../../../shared/compiler/kernels/matmul.ts'
import { matvec, matvecGrid } from '../../../shared/compiler/kernels/matvec.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'

const shape = { rows: 864, columns: 288, bias: false } as const
const append = {
  kind: 'append',
  heads: 6,
  kvHeads: 6,
  headSize: 48,
  rope: { size: 48, pairing: 'halves', shift: 4 },
  clip: null,
} as const
const rms = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false } as const
const store = { kind: 'store', scale: 1 } as const
const addResidual = { kind: 'addResidual', scale: 1 } as const
const gated = { kind: 'gated', activation: 'silu', gate: 'first' } as const

const kernels: readonly Kernel[] = [
  ...libraryTargets.flatMap((target) => [
    matvec({
      name: `matvec_qkv_${target}`,
      target,
      format: 'q4f16_1',
      ...shape,
      norm: rms,
      epilogue: append,
    }),
    matmul({ name: `matmul_${target}`, target, format: 'q4f16_1', ...shape, bias: true, epilogue: addResidual }),
    matvec({
      name: `matvec_layer_norm_${target}`,
      target,
      format: 'q4f16_1',
      ...shape,
      columns: 292,
      norm: { ...rms, kind: 'layer', bias: true },
      epilogue: { kind: 'activate', activation: 'geluTanh' },
    }),
    embedding({ name: `embedding_${target}`, target, format: 'q4f16_1', vocabulary: 32_000, hidden: 288 }),
  ]),
  matvec({
    name: 'matvec_gated',
    target: 'portable',
    format: 'q4f32_1',
    ...shape,
    norm: { ...rms, epsilon: 1 },
    epilogue: gated,
  }),
  matvec({
    name: 'matvec_padded',
    target: 'portable',
    format: 'q4f16_1',
    ...shape,
    columns: 292,
    norm: null,
    epilogue: addResidual,
  }),
  matvec({
    name: 'matvec_q0f16',
    target: 'portable',
    format: 'q0f16',
    ...shape,
    bias: true,
    norm: null,
    epilogue: store,
  }),
  matmul({
    name: 'matmul_activate',
    target: 'portable',
    format: 'q4f16_1',
    ...shape,
    bias: true,
    epilogue: { kind: 'activate', activation: 'relu' },
  }),
  matmul({ name: 'matmul_q0f32', target: 'portable', format: 'q0f32', ...shape, epilogue: store }),
]

describe.each(kernels)('the kernel $name', ({ name, wgsl, bindings }) => {
  test('has the text of its golden file', () => {
    const file = new URL(`../../fixtures/golden/${name}.wgsl`, import.meta.url)
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(new URL('.', file), { recursive: true })
      writeFileSync(file, wgsl)
    }
    expect(wgsl).toBe(readFileSync(file, 'utf8'))
  })

  test('says its mathematics first and binds in order', () => {
    expect(wgsl).toMatch(/^\/\/ (y\[n\]|out\[t,[nk]\]) (\+?=) /)
    expect(
      [...wgsl.matchAll(/@binding\((\d+)\) var<[^>]+> (\w+) :/g)].map(([, index, bound]) => `${index} ${bound}`),
    ).toEqual([...bindings.map((binding) => binding.name), 'args'].map((bound, index) => `${index} ${bound}`))
  })

  test('takes at most 16 KiB of workgroup memory, and none with barriers on software adapters', () => {
    const sizes = { 'vec4<f32>': 16, 'vec4<f16>': 8, f32: 4 } as const
    const bytes = [...wgsl.matchAll(/var<workgroup> \w+ : array<(vec4<f32>|vec4<f16>|f32), (\d+)>/g)].map(
      ([, type, length]) => sizes[type as keyof typeof sizes] * Number(length),
    )
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(name.endsWith('software') ? 0 : 16_384)
    if (name.endsWith('software')) expect(wgsl).not.toContain('Barrier')
  })
})

test('only the half target asks for a feature', () => {
  for (const { name, wgsl } of kernels) expect(wgsl.includes('enable f16;'), name).toBe(name.endsWith('half'))
})

test('the grid covers every row exactly once', () => {
  for (const target of libraryTargets) {
    const o = {
      name: 'm',
      target,
      format: 'q4f16_1',
      columns: 32,
      bias: false,
      norm: null,
      epilogue: store,
    } as const
    const perGroup = { portable: [8, 16], half: [8, 16], software: [64, 64] }[target]
    expect([1, 7, 64, 65, 15_000, 32_001].map((rows) => matvecGrid({ ...o, rows }))).toEqual(
      [1, 7, 64, 65, 15_000, 32_001].map((rows) => Math.ceil(rows / (perGroup[rows >= 16_384 ? 1 : 0] ?? 0))),
    )
  }
})

test('impossible shapes are refused with the number that is wrong', () => {
  const o = {
    name: 'm',
    target: 'portable',
    format: 'q4f16_1',
    bias: false,
    norm: null,
    epilogue: store,
  } as const
  expect(() => matvec({ ...o, rows: 0, columns: 32 })).toThrow('kernel m: 0 rows')
  expect(() => matvec({ ...o, rows: 4, columns: 30 })).toThrow('kernel m: 30 columns')
  expect(() => matvec({ ...o, rows: 5, columns: 32, epilogue: gated })).toThrow('5 rows')
  expect(() => matvec({ ...o, rows: 863, columns: 288, epilogue: append })).toThrow(
    '863 rows for 6 + 2 * 6 heads of 48',
  )
  expect(() => matvec({ ...o, rows: 4, columns: 32, norm: { ...rms, epsilon: Number.NaN } })).toThrow('epsilon NaN')
  expect(() => matmul({ ...o, rows: 4, columns: 2, epilogue: store })).toThrow('kernel m: 2 columns')
  expect(() => embedding({ name: 'm', target: 'half', format: 'q0f16', vocabulary: 1.5, hidden: 4 })).toThrow(
    '1.5 rows',
  )
})

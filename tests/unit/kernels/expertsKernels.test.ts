// The text of the kernels of a mixture of experts (UPDATE_GOLDEN=1 rewrites the golden files), and the shapes they refuse.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expertsCombine } from '../../../shared/compiler/kernels/expertsCombine.ts'
import { expertsGroup, expertsTiles } from '../../../shared/compiler/kernels/expertsGroup.ts'
import { expertsMatmul, expertsMatmulTile } from '../../../shared/compiler/kernels/expertsMatmul.ts'
import { expertsMatvec } from '../../../shared/compiler/kernels/expertsMatvec.ts'
import { expertsRoute } from '../../../shared/compiler/kernels/expertsRoute.ts'
import type { Kernel } from '../../../shared/compiler/kernels/kernel.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'

const experts = { count: 8, chosen: 2 } as const
const inward = { rows: 2 * 14_336, columns: 4096, ...experts } as const
const outward = { rows: 4096, columns: 14_336, ...experts } as const
const silu = { kind: 'gated', activation: 'silu' } as const
const norm = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false } as const
const format = 'q4f16_1'

/** Mixtral-8x7B's. */
const kernels: readonly Kernel[] = libraryTargets.flatMap((target) => [
  expertsRoute({ name: `experts_route_${target}`, target, format, columns: 4096, norm, ...experts }),
  expertsGroup({
    name: `experts_group_${target}`,
    target,
    tile: expertsMatmulTile({ target, epilogue: silu }).choices,
    ...experts,
  }),
  expertsMatvec({ name: `experts_matvec_gated_${target}`, target, format, ...inward, epilogue: silu }),
  expertsMatvec({
    name: `experts_matvec_residual_${target}`,
    target,
    format,
    ...outward,
    epilogue: { kind: 'addResidual', scale: 1 },
  }),
  expertsMatmul({ name: `experts_matmul_gated_${target}`, target, format, ...inward, epilogue: silu }),
  ...(target === 'portable' ? [expertsCombine({ name: 'experts_combine', columns: 4096, chosen: 2, scale: 1 })] : []),
])

describe.each(kernels)('the kernel $name', ({ name, wgsl }) => {
  test('has the text of its golden file', () => {
    const file = new URL(`../../fixtures/golden/${name}.wgsl`, import.meta.url)
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(new URL('.', file), { recursive: true })
      writeFileSync(file, wgsl)
    }
    expect(wgsl).toBe(readFileSync(file, 'utf8'))
  })

  test('takes at most 16 KiB of workgroup memory, and none with barriers on software adapters', () => {
    const sizes = { 'vec4<f32>': 16, 'vec4<f16>': 8, f32: 4, u32: 4 } as const
    const bytes = [...wgsl.matchAll(/var<workgroup> \w+ : array<(vec4<f32>|vec4<f16>|f32|u32), (\d+)>/g)].map(
      ([, type, length]) => sizes[type as keyof typeof sizes] * Number(length),
    )
    expect(bytes.length).toBe(wgsl.split('var<workgroup>').length - 1)
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(name.endsWith('software') ? 0 : 16_384)
    if (name.endsWith('software')) expect(wgsl).not.toContain('Barrier')
  })
})

test('so do those of as many experts as there can be', () => {
  const most = { count: 64, chosen: 64 }
  const bytes = [
    expertsRoute({ name: 'route', target: 'portable', format, columns: 4096, norm, ...most }),
    expertsGroup({ name: 'group', target: 'portable', tile: 64, ...most }),
  ].map(({ wgsl }) =>
    [...wgsl.matchAll(/var<workgroup> \w+ : array<[fu]32, (\d+)>/g)].reduce(
      (sum, [, length]) => sum + 4 * Number(length),
      0,
    ),
  )
  for (const size of bytes) expect(size).toBeLessThanOrEqual(16_384)
})

test('there are tiles enough however the choices fall', () => {
  for (const tile of [4, 64]) {
    for (const [count, chosen, tokens] of [
      [8, 2, 1],
      [8, 2, 513],
      [64, 4, 40],
      [3, 3, 65],
    ] as const) {
      const { perTokens, multiply, add } = expertsTiles({ count, chosen, tile })
      const tiles = Math.ceil(tokens / perTokens) * multiply + add
      // The worst: every expert but one has a single choice in its last tile, and the last has the others.
      const alone = Math.min(count - 1, tokens * chosen - 1)
      expect(tiles).toBeGreaterThanOrEqual(alone + Math.ceil((tokens * chosen - alone) / tile))
    }
  }
})

describe('impossible shapes are refused:', () => {
  const route = { name: 'k', target: 'portable', format, columns: 64, norm: null, ...experts } as const
  test.each<[string, () => unknown]>([
    ['no experts', () => expertsRoute({ ...route, count: 0 })],
    ['more experts than there is memory for', () => expertsRoute({ ...route, count: 65 })],
    ['more chosen than there are', () => expertsRoute({ ...route, chosen: 9 })],
    ['none chosen', () => expertsGroup({ name: 'k', target: 'portable', count: 8, chosen: 0, tile: 4 })],
    ['tiles of nothing', () => expertsGroup({ name: 'k', target: 'portable', ...experts, tile: 0 })],
    ['odd columns', () => expertsRoute({ ...route, columns: 63 })],
    ['an odd number of gated rows', () => expertsMatvec({ ...route, rows: 7, epilogue: silu })],
    ['the same for a chunk', () => expertsMatmul({ ...route, rows: 7, epilogue: silu })],
    ['columns that are no vectors', () => expertsCombine({ name: 'k', columns: 6, chosen: 2, scale: 1 })],
    ['an infinite scale', () => expertsCombine({ name: 'k', columns: 8, chosen: 2, scale: Number.POSITIVE_INFINITY })],
  ])('%s', (_, make) => {
    expect(make).toThrow()
  })
})

// The text of the recurrent kernels: golden files show what a change does to them (UPDATE_GOLDEN=1 rewrites), and impossible shapes are refused.
import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hyenaFilter } from '../../../shared/compiler/kernels/hyenaFilter.ts'
import type { Kernel } from '../../../shared/compiler/kernels/kernel.ts'
import { mambaScan, mambaStateBytes } from '../../../shared/compiler/kernels/mambaScan.ts'
import { mambaTimeStep } from '../../../shared/compiler/kernels/mambaTimeStep.ts'
import { shortConvolution } from '../../../shared/compiler/kernels/shortConvolution.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'

const portable = { target: 'portable', format: 'q4f16_1' } as const
const large = { ...portable, innerSize: 5120, stateSize: 16, timeStepRank: 160 }
const odd = { ...portable, innerSize: 70, stateSize: 5, timeStepRank: 7 }
const filter = { ...portable, channels: 4096, stateSize: 2, shortFilterSize: 3, shortFilterBias: true }

const kernels: readonly Kernel[] = [
  shortConvolution({ name: 'short_convolution', ...portable, channels: 5120, stride: 10_240, size: 4, bias: true }),
  mambaTimeStep({ name: 'mamba_time_step', ...large }),
  mambaTimeStep({ name: 'mamba_time_step_half', ...large, target: 'half' }),
  mambaTimeStep({ name: 'mamba_time_step_odd', ...odd }),
  mambaScan({ name: 'mamba_scan', ...large, timeStep: 'given' }),
  mambaScan({ name: 'mamba_scan_fused_half', ...large, target: 'half', timeStep: 'fused' }),
  mambaScan({ name: 'mamba_scan_odd', ...odd, timeStep: 'fused' }),
  hyenaFilter({ name: 'hyena_filter', ...filter }),
]

test.each(kernels)('the kernel $name has the text of its golden file', ({ name, wgsl }) => {
  const file = new URL(`../../fixtures/golden/${name}.wgsl`, import.meta.url)
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, wgsl)
  expect(wgsl).toBe(readFileSync(file, 'utf8'))
})

test('no kernel waits for another invocation, so that one text serves software adapters too', () => {
  for (const { name, wgsl } of kernels) expect(wgsl, name).not.toMatch(/Barrier|var<workgroup>/)
})

test('every target, format and size stays within ten buffers', () => {
  for (const target of libraryTargets)
    for (const format of ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'] as const)
      for (const shape of [large, odd])
        for (const timeStep of ['given', 'fused'] as const) {
          const { bindings } = mambaScan({ name: 'scan', ...shape, target, format, timeStep })
          expect(bindings.length).toBeLessThanOrEqual(10)
        }
})

test('a state takes a vec4 for every four of its numbers', () => {
  expect([1, 4, 5, 16].map((stateSize) => mambaStateBytes({ innerSize: 3, stateSize }))).toEqual([48, 48, 96, 192])
})

describe('impossible shapes are refused', () => {
  test.each([
    ['no channels', () => shortConvolution({ name: 'c', ...portable, channels: 0, stride: 4, size: 4, bias: true })],
    ['rows too short', () => shortConvolution({ name: 'c', ...portable, channels: 8, stride: 4, size: 4, bias: true })],
    ['one tap', () => shortConvolution({ name: 'c', ...portable, channels: 8, stride: 8, size: 1, bias: true })],
    ['no rank', () => mambaTimeStep({ name: 't', ...large, timeStepRank: 0 })],
    ['no state', () => mambaScan({ name: 's', ...large, stateSize: 0, timeStep: 'given' })],
    ['half a channel', () => hyenaFilter({ name: 'h', ...filter, channels: 0.5 })],
    ['one tap before a filter', () => hyenaFilter({ name: 'h', ...filter, shortFilterSize: 1 })],
  ])('%s', (_, make) => {
    expect(make).toThrow(/channels|rank/)
  })
})

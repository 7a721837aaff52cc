// Kernels that keep a state from pass to pass, against the plain recurrences, over random shapes and ways to cut a sequence into passes.
import { expect, test } from 'vitest'
import type { HyenaSpec, MambaSpec } from '../../shared/compiler/architectures/spec.ts'
import { hyenaFilter, hyenaFilterChannels } from '../../shared/compiler/kernels/hyenaFilter.ts'
import { mambaScan, mambaScanChannels, mambaStateBytes } from '../../shared/compiler/kernels/mambaScan.ts'
import { mambaTimeStep, mambaTimeStepTile } from '../../shared/compiler/kernels/mambaTimeStep.ts'
import { shortConvolution, shortConvolutionTile } from '../../shared/compiler/kernels/shortConvolution.ts'
import { isQuantized, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { createConvolution } from '../reference/convolution.ts'
import { createFilter } from '../reference/hyena.ts'
import { product, type Tensors } from '../reference/linear.ts'
import { createScan, silu, softplus } from '../reference/mamba.ts'
import { maxDifference, runnableTargets, testDevice } from '../support/attention.ts'
import { runPasses } from '../support/passes.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { testMatrix, testTensor } from '../support/weights.ts'

const linear = (name: string) => ({ name, bias: true })
const passLists = [[1], [40], [3, 1, 17, 1, 1, 2], [1, 1, 1, 1, 1, 1, 1]] as const
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const tensorsOf =
  (values: Readonly<Record<string, Float64Array | Float32Array>>): Tensors =>
  (name) => {
    const found = values[name]
    if (found === undefined) throw new Error(`no tensor ${name}`)
    return Float32Array.from(found)
  }
const rowsOf = (values: Float32Array, columns: number) =>
  Array.from({ length: values.length / columns }, (_, row) => values.subarray(row * columns, (row + 1) * columns))
const joined = (rows: readonly Float32Array[]) => Float32Array.from(rows.flatMap((row) => [...row]))

test('a short convolution sees the tokens of the passes before, and none at position 0', async () => {
  const cases = [
    { channels: 5, stride: 5, size: 4, bias: true, format: 'q4f32_1' },
    { channels: 130, stride: 260, size: 2, bias: false, format: 'q4f16_1' },
    { channels: 64, stride: 70, size: 7, bias: true, format: 'q0f16' },
  ] as const
  for (const target of await runnableTargets())
    for (const { channels, stride, size, bias, format } of cases)
      for (const tokens of passLists) {
        const next = randomSource(channels + sum(tokens))
        const x = randomFloats(sum(tokens) * stride, next)
        const weight = testTensor(channels * size, format, next, 1)
        const biases = testTensor(channels, format, next, 1)
        const options = { name: 'convolution', target, format, channels, stride, size, bias }
        const seen = await runPasses(await testDevice(), {
          kernel: shortConvolution(options),
          tokens,
          rows: { x: { values: x, columns: stride } },
          fixed: { weight: weight.bytes, bias: biases.bytes },
          kept: { inputs: (size - 1) * channels * 4 },
          outColumns: channels,
          grid: (count) => [
            Math.ceil(channels / shortConvolutionTile.channels),
            Math.ceil(count / shortConvolutionTile.tokens),
          ],
        })
        const convolve = createConvolution(
          Float32Array.from(weight.values),
          bias ? Float32Array.from(biases.values) : null,
          size,
        )
        const wanted = joined(rowsOf(x, stride).map((row) => convolve(row.subarray(0, channels)).map(silu)))
        // Sums of up to eight products of about 1, then exp.
        expect(maxDifference(seen, wanted), `${target} ${JSON.stringify(options)} ${tokens}`).toBeLessThan(5e-6)
      }
})

const scanShapes = [
  { innerSize: 6, stateSize: 16, timeStepRank: 4, format: 'q4f32_1' },
  { innerSize: 70, stateSize: 5, timeStepRank: 5, format: 'q0f32' },
  { innerSize: 130, stateSize: 8, timeStepRank: 64, format: 'q4f32_1' },
  { innerSize: 64, stateSize: 1, timeStepRank: 32, format: 'q4f16_1' },
  { innerSize: 33, stateSize: 18, timeStepRank: 96, format: 'q0f16' },
] as const

function timeStepWeights(
  { innerSize, timeStepRank, format }: { innerSize: number; timeStepRank: number; format: WeightFormat },
  next: () => number,
) {
  if (isQuantized(format) && timeStepRank % 32 === 0) {
    const { buffers, values } = testMatrix(innerSize, timeStepRank, format, next)
    const [q_weight, q_scale] = buffers
    if (q_weight === undefined || q_scale === undefined) throw new Error('a quantized matrix has two buffers')
    return { buffers: { q_weight, q_scale }, values }
  }
  const { bytes, values } = testTensor(innerSize * timeStepRank, format, next, 0.3)
  return { buffers: { weight: bytes }, values }
}

test('time steps are the softplus of their product, small ones to the last digits', async () => {
  for (const target of await runnableTargets())
    for (const shape of scanShapes)
      for (const tokens of [1, 19]) {
        const next = randomSource(shape.innerSize + tokens)
        const { innerSize, stateSize, timeStepRank, format } = shape
        const columns = timeStepRank + 2 * stateSize
        const parameters = randomFloats(tokens * columns, next)
        const weight = timeStepWeights(shape, next)
        // Time steps from e^-12 to 12.
        const bias = testTensor(innerSize, format, next, 6)
        const kernel = mambaTimeStep({ name: 'time_step', target, ...shape })
        const buffers = { ...weight.buffers, bias: bias.bytes, parameters } as Readonly<Record<string, ArrayBufferView>>
        const { out } = await runKernel(await testDevice(), kernel, {
          buffers: kernel.bindings.map(({ name }) => buffers[name] ?? tokens * innerSize * 4),
          scalars: [tokens],
          grid: [Math.ceil(innerSize / mambaTimeStepTile.channels), Math.ceil(tokens / mambaTimeStepTile.tokens)],
        })
        const seen = new Float32Array(out as ArrayBuffer, 0, tokens * innerSize)
        const [matrix, biases] = [Float32Array.from(weight.values), Float32Array.from(bias.values)]
        const wanted = joined(
          rowsOf(parameters, columns).map((row) =>
            product(matrix, row.subarray(0, timeStepRank), biases).map(softplus),
          ),
        )
        const relative = seen.map((value, at) => value / (wanted[at] as number) - 1)
        expect(
          maxDifference(relative, new Float32Array(relative.length)),
          `${target} ${JSON.stringify(shape)}`,
        ).toBeLessThan(2e-5)
      }
})

test('a selective scan carries its state from pass to pass and starts empty at position 0', async () => {
  for (const target of await runnableTargets())
    for (const shape of scanShapes)
      for (const tokens of passLists) {
        const next = randomSource(shape.innerSize + sum(tokens))
        const { innerSize, stateSize, timeStepRank, format } = shape
        const columns = timeStepRank + 2 * stateSize
        const count = sum(tokens)
        const u = randomFloats(count * innerSize, next)
        const projected = randomFloats(count * 2 * innerSize, next, 2)
        const parameters = randomFloats(count * columns, next)
        const weight = timeStepWeights(shape, next)
        const bias = testTensor(innerSize, format, next, 2)
        const skip = testTensor(innerSize, format, next, 1)
        const logA = randomFloats(innerSize * stateSize, next, 1.5)
        const spec: MambaSpec = {
          kind: 'mamba',
          ...shape,
          convolutionSize: 4,
          inProjection: linear('in'),
          convolution: linear('convolution'),
          xProjection: linear('x'),
          timeStepProjection: linear('step'),
          logA: 'log_a',
          skip: 'skip',
          output: linear('out'),
        }
        const tensors = { 'step.weight': weight.values, 'step.bias': bias.values, log_a: logA, skip: skip.values }
        const scan = createScan(tensorsOf(tensors), spec)
        const rows = rowsOf(parameters, columns)
        const wanted = joined(
          rowsOf(u, innerSize).map((row, t) =>
            scan(row, projected.subarray((2 * t + 1) * innerSize, (2 * t + 2) * innerSize), rows[t] ?? row),
          ),
        )
        const steps = joined(
          rows.map((row) =>
            product(
              Float32Array.from(weight.values),
              row.subarray(0, timeStepRank),
              Float32Array.from(bias.values),
            ).map(softplus),
          ),
        )
        for (const timeStep of ['given', 'fused'] as const) {
          const seen = await runPasses(await testDevice(), {
            kernel: mambaScan({ name: 'scan', target, ...shape, timeStep }),
            tokens,
            rows: {
              u: { values: u, columns: innerSize },
              projected: { values: projected, columns: 2 * innerSize },
              parameters: { values: parameters, columns },
              time_step: { values: steps, columns: innerSize },
            },
            fixed: { ...weight.buffers, bias: bias.bytes, log_a: logA, skip: skip.bytes },
            kept: { state: mambaStateBytes(shape) },
            outColumns: innerSize,
            grid: () => [Math.ceil(innerSize / mambaScanChannels)],
          })
          const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
          // A decaying sum: rounding does not grow with the tokens.
          expect(
            maxDifference(seen, wanted) / largest,
            `${target} ${JSON.stringify(shape)} ${timeStep} ${tokens}`,
          ).toBeLessThan(1e-5)
        }
      }
})

test('a Hyena filter carries both its states from pass to pass and starts empty at position 0', async () => {
  const shapes = [
    { channels: 6, stateSize: 2, shortFilterSize: 3, shortFilterBias: true, format: 'q4f32_1' },
    { channels: 130, stateSize: 1, shortFilterSize: 2, shortFilterBias: false, format: 'q4f16_1' },
    { channels: 64, stateSize: 8, shortFilterSize: 5, shortFilterBias: true, format: 'q0f32' },
  ] as const
  for (const target of await runnableTargets())
    for (const shape of shapes)
      for (const tokens of passLists) {
        const { channels, stateSize, shortFilterSize: size, format } = shape
        const next = randomSource(channels + sum(tokens))
        const x = randomFloats(sum(tokens) * 3 * channels, next)
        const weight = testTensor(3 * channels * size, format, next, 0.7)
        const bias = testTensor(3 * channels, format, next, 1)
        const skip = testTensor(channels, format, next, 1)
        const residues = randomFloats(channels * stateSize * 2, next)
        // Inside the unit circle, up to its edge.
        const poles = Float32Array.from({ length: channels * stateSize }).reduce<number[]>((all) => {
          const [radius, angle] = [Math.sqrt(next()), next() * 2 * Math.PI]
          all.push(radius * Math.cos(angle), radius * Math.sin(angle))
          return all
        }, [])
        const spec: HyenaSpec = {
          kind: 'hyena',
          projection: linear('in'),
          storedGroups: 1,
          shortFilterWeight: 'weight',
          shortFilterBias: shape.shortFilterBias ? 'bias' : null,
          shortFilterSize: size,
          poles: 'poles',
          residues: 'residues',
          skip: 'skip',
          stateSize,
          output: linear('out'),
        }
        const poleValues = Float32Array.from(poles)
        const tensors = { weight: weight.values, bias: bias.values, poles: poleValues, residues, skip: skip.values }
        const filter = createFilter(tensorsOf(tensors), spec)
        const wanted = joined(rowsOf(x, 3 * channels).map(filter))
        const seen = await runPasses(await testDevice(), {
          kernel: hyenaFilter({ name: 'hyena_filter', target, ...shape }),
          tokens,
          rows: { x: { values: x, columns: 3 * channels } },
          fixed: { short_weight: weight.bytes, short_bias: bias.bytes, poles: poleValues, residues, skip: skip.bytes },
          kept: { inputs: (size - 1) * 3 * channels * 4, state: stateSize * channels * 8 },
          outColumns: channels,
          grid: () => [Math.ceil(channels / hyenaFilterChannels)],
        })
        const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
        expect(maxDifference(seen, wanted) / largest, `${target} ${JSON.stringify(shape)} ${tokens}`).toBeLessThan(1e-5)
      }
})

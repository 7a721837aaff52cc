// Times the matrix kernels on Dawn for Node and prints bytes of weights per second beside a copy kernel's in the same run:
//   node tests/bench/kernels.ts [--json] [--large] [--target portable|half|software] [--match text]
// The Vulkan driver is the loader's choice (VK_ICD_FILENAMES). Times are the best of several, because other work disturbs a software adapter.

import { countFor, prepareDispatches } from '../../renderer/inference/probe/dispatches.ts'
import { copyWork, type Work } from '../../renderer/inference/probe/kernels.ts'
import { matmul, matmulTile } from '../../shared/compiler/kernels/matmul.ts'
import { type MatvecOptions, matvec, matvecGrid } from '../../shared/compiler/kernels/matvec.ts'
import type { NormCode } from '../../shared/compiler/kernels/norm.ts'
import { type LibraryTarget, libraryTargets, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { requestTestDevice } from '../support/device.ts'

interface Job extends Work {
  readonly name: string
  /** Bytes of weights (of the copy: read and written). */
  readonly bytes: number
  readonly multiplyAdds: number
}

/** Per dispatch. Processor time, of all threads, is what a software adapter costs when other work shares the machine. */
interface Time {
  readonly milliseconds: number
  readonly processorMilliseconds: number
}

const rms: NormCode = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false }

const option = (name: string) => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}

async function main(): Promise<void> {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const wanted = option('--target')
  const targets = libraryTargets.filter(
    (target) => (wanted ?? target) === target && (target !== 'half' || device.features.has('shader-f16')),
  )
  const jobs = [copyJob(), ...targets.flatMap((target) => kernelJobs(target, process.argv.includes('--large')))].filter(
    ({ name }) => name === 'copy' || name.includes(option('--match') ?? ''),
  )
  const results: {
    name: string
    milliseconds: number
    processorMilliseconds: number
    gigabytesPerSecond: number
    ofCopy: number
    gigaMultiplyAddsPerSecond: number
  }[] = []
  for (const job of jobs) {
    const { milliseconds, processorMilliseconds } = await bestTime(device, job)
    const gigabytesPerSecond = job.bytes / milliseconds / 1e6
    const ofCopy = gigabytesPerSecond / (results[0]?.gigabytesPerSecond ?? gigabytesPerSecond)
    const gigaMultiplyAddsPerSecond = job.multiplyAdds / milliseconds / 1e6
    results.push({
      name: job.name,
      milliseconds,
      processorMilliseconds,
      gigabytesPerSecond,
      ofCopy,
      gigaMultiplyAddsPerSecond,
    })
    if (process.argv.includes('--json')) continue
    const figures = [
      milliseconds.toFixed(3),
      processorMilliseconds.toFixed(3),
      gigabytesPerSecond.toFixed(3),
      ofCopy.toFixed(3),
      gigaMultiplyAddsPerSecond.toFixed(3),
    ]
    if (job.name === 'copy')
      console.log(`${device.adapterInfo.description}\n${'kernel'.padEnd(56)} ms, CPU ms, GB/s, of copy, GMAC/s`)
    console.log([job.name.padEnd(54), ...figures.map((figure) => figure.padStart(9))].join(' '))
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ adapter: device.adapterInfo.description, results }))
  device.destroy()
}

function copyJob(): Job {
  const bytes = 2 ** 24
  return { ...copyWork(bytes), name: 'copy', bytes: 2 * bytes, multiplyAdds: 0 }
}

function kernelJobs(target: LibraryTarget, large: boolean): readonly Job[] {
  const format: WeightFormat = 'q4f16_1'
  const shapes = large
    ? {
        vectors: [
          [4096, 4096],
          [22_016, 4096],
          [4096, 11_008],
          [32_000, 4096],
        ],
        products: [[64, 4096, 4096]],
      }
    : {
        vectors: [
          [864, 288],
          [1536, 288],
          [288, 768],
          [32_000, 288],
          [4864, 896],
        ],
        products: [
          [16, 1536, 288],
          [128, 1536, 288],
        ],
      }
  return [
    ...shapes.vectors.flatMap(([rows = 0, columns = 0]) =>
      [null, rms].map((norm): Job => {
        const o: MatvecOptions = {
          name: 'matvec',
          target,
          format,
          rows,
          columns,
          bias: false,
          norm,
          epilogue: norm === null ? { kind: 'store', scale: 1 } : { kind: 'gated', activation: 'silu', gate: 'first' },
        }
        return {
          name: `${target} matvec ${rows}x${columns} ${norm === null ? '' : 'norm, gated'}`,
          kernel: matvec(o),
          bufferBytes: [columns * 4, ...(norm === null ? [] : [columns * 2]), ...weightBytes(rows, columns), rows * 4],
          scalars: [0],
          grid: [matvecGrid(o), 1],
          bytes: weightBytes(rows, columns).reduce((a, b) => a + b),
          multiplyAdds: rows * columns,
        }
      }),
    ),
    ...shapes.products.map(([tokens = 0, rows = 0, columns = 0]): Job => {
      const o = {
        name: 'matmul',
        target,
        format,
        rows,
        columns,
        bias: false,
        epilogue: { kind: 'store', scale: 1 },
      } as const
      const tile = matmulTile(o)
      return {
        name: `${target} matmul ${tokens} tokens ${rows}x${columns}`,
        kernel: matmul(o),
        bufferBytes: [tokens * columns * 4, ...weightBytes(rows, columns), tokens * rows * 4],
        scalars: [tokens],
        grid: [Math.ceil(rows / tile.rows), Math.ceil(tokens / tile.tokens)],
        bytes: weightBytes(rows, columns).reduce((a, b) => a + b),
        multiplyAdds: tokens * rows * columns,
      }
    }),
  ]
}

const weightBytes = (rows: number, columns: number): readonly number[] => [
  rows * Math.ceil(columns / 32) * 16,
  rows * Math.ceil(columns / 32) * 2,
]

/** Milliseconds per dispatch: the best of 7 submissions, each long enough to drown the submission itself. */
async function bestTime(device: GPUDevice, job: Job): Promise<Time> {
  using dispatches = await prepareDispatches(device, job)
  const count = await countFor(dispatches, 50, 200)
  const times: Time[] = []
  for (let i = 0; i < 7; i++) {
    const cpu = process.cpuUsage()
    const milliseconds = (await dispatches.time(count)) / count
    const { user, system } = process.cpuUsage(cpu)
    times.push({ milliseconds, processorMilliseconds: (user + system) / 1000 / count })
  }
  return {
    milliseconds: Math.min(...times.map((t) => t.milliseconds)),
    processorMilliseconds: Math.min(...times.map((t) => t.processorMilliseconds)),
  }
}

await main()
process.exit(0)

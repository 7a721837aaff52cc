// Norms of whole rows, for prefill and where no product follows; one token's norm is fused into its matrix-vector product.
import { assembleKernel, type Kernel } from './kernel.ts'
import {
  checkNorm,
  type NormCode,
  normalised,
  normBindings,
  normFunctions,
  rowStatistics,
  workgroupSum,
} from './normRow.ts'
import type { LibraryTarget, WeightFormat } from './target.ts'

export type { NormCode }

export interface NormOptions extends NormCode {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  /** A multiple of 4. */
  readonly columns: number
}

/** Rows of one workgroup: grid x = ceil(tokens / rows). */
export function normRowsPerGroup({ target }: Pick<NormOptions, 'target'>): number {
  return target === 'software' ? 4 : 1
}

/** Bindings x [tokens, columns], weight [columns] and bias [columns] where there are such, out [tokens, columns]; scalar tokens. */
export function norm(options: NormOptions): Kernel {
  const { name, target, format, columns } = options
  if (!Number.isInteger(columns) || columns < 4 || columns % 4 !== 0) {
    throw new Error(`${name}: ${columns} columns, expected a positive multiple of 4`)
  }
  checkNorm(name, options)
  const software = target === 'software'
  const threads = software ? normRowsPerGroup(options) : 256
  const [row, first, step] = software
    ? [`group_x * ${threads}u + local_index`, '', '1u']
    : ['group_x', ' + local_index', `${threads}u`]
  return assembleKernel({
    name,
    mathematics: normMathematics(options),
    enables: target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
      ...normBindings(options, '', format, target),
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [threads],
    declarations: [
      `const VECTORS = ${columns / 4}u;`,
      ...normFunctions(options, '', format, target),
      ...(software ? [] : [workgroupSum(threads)]),
    ].join('\n'),
    body: `
let row = ${row};
if (row >= args.tokens) { return; }
let start = row * VECTORS;
${rowStatistics(options, columns, 'start', software ? null : threads)}
for (var v = start${first}; v < start + VECTORS; v += ${step}) { out[v] = ${normalised(options, '', 'x[v]', 'v - start')}; }`,
  })
}

function normMathematics({ kind, weight, bias, epsilonOutsideRoot }: NormCode): string {
  const about = kind === 'layer' ? '(x[t, k] - mean)' : 'x[t, k]'
  const square = kind === 'layer' ? 'variance of x[t]' : 'mean over k of x[t, k]^2'
  const root = epsilonOutsideRoot ? `(sqrt(${square}) + epsilon)` : `sqrt(${square} + epsilon)`
  return `out[t, k] = ${weight ? 'weight[k] * ' : ''}${about} / ${root}${bias ? ' + bias[k]' : ''}`
}

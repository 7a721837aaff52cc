// The two kernels that say how fast an adapter is: one only moves bytes, one only multiplies and adds. The shares of the bandwidth limit in ARCHITECTURE.md
// are shares of what the first one moves.
import { assembleKernel, type Kernel } from '../../../shared/compiler/kernels/kernel.ts'

export interface Work {
  readonly kernel: Kernel
  readonly bufferBytes: readonly number[]
  readonly scalars: readonly number[]
  readonly grid: readonly [x: number, y: number]
}

/** Reads `bytes` and writes as many, so one dispatch moves twice that. `bytes` is a multiple of 1024. */
export function copyWork(bytes: number): Work {
  return {
    kernel: assembleKernel({
      name: 'copy',
      mathematics: 'out[i] = x[i]',
      bindings: [
        { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
        { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
      ],
      scalars: ['unused'],
      workgroupSize: [64],
      body: 'let i = group_x * 64u + local_index;\nout[i] = x[i];',
    }),
    bufferBytes: [bytes, bytes],
    scalars: [0],
    grid: [bytes / 1024, 1],
  }
}

const chains = 4

/** Every invocation runs four independent chains of vec4 multiply-adds; see `multiplyAddFlops`. */
export function multiplyAddWork(workgroups: number, iterations: number): Work {
  const names = Array.from({ length: chains }, (_, index) => `x${index}`)
  const lines = (line: (name: string, index: number) => string) => names.map(line).join('\n')
  return {
    kernel: assembleKernel({
      name: 'multiply_add',
      mathematics: 'x = x * a + b, over and over',
      bindings: [{ name: 'out', type: 'array<vec4<f32>>', access: 'read_write' }],
      scalars: ['iterations'],
      workgroupSize: [64],
      body: `
let i = group_x * 64u + local_index;
let a = vec4<f32>(0.999, 0.998, 0.997, 0.996);
let b = vec4<f32>(f32(local_index) * 0.001);
${lines((name, index) => `var ${name} = b + ${index}.0;`)}
for (var n = 0u; n < args.iterations; n++) {
${lines((name) => `  ${name} = ${name} * a + b;`)}
}
out[i] = ${names.join(' + ')};`,
    }),
    bufferBytes: [workgroups * 1024],
    scalars: [iterations],
    grid: [workgroups, 1],
  }
}

/** A multiply-add counts twice. */
export function multiplyAddFlops(workgroups: number, iterations: number): number {
  return workgroups * 64 * iterations * chains * 4 * 2
}

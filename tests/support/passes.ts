// Runs a recurrent kernel over several passes, what it keeps handed on from each to the next. Before the first, the kept buffers are full of NaN: position
// 0 must count as empty whatever they hold.
import type { Kernel } from '../../shared/compiler/kernels/kernel.ts'
import { runKernel } from './runKernel.ts'

export interface Passes {
  readonly kernel: Kernel
  /** Tokens of each pass. */
  readonly tokens: readonly number[]
  /** Rows of these many floats per token, by binding. */
  readonly rows: Readonly<Record<string, { readonly values: Float32Array; readonly columns: number }>>
  /** Contents that do not change, by binding. */
  readonly fixed: Readonly<Record<string, ArrayBufferView>>
  /** Bytes of what is kept, by binding. */
  readonly kept: Readonly<Record<string, number>>
  /** Columns of the binding `out`. */
  readonly outColumns: number
  readonly grid: (tokens: number) => readonly [x: number, y?: number]
}

/** All rows of `out`, one after another. */
export async function runPasses(device: GPUDevice, passes: Passes): Promise<Float32Array> {
  const { kernel, outColumns } = passes
  const total = passes.tokens.reduce((sum, tokens) => sum + tokens, 0)
  const out = new Float32Array(total * outColumns)
  let kept: Readonly<Record<string, ArrayBufferView>> = Object.fromEntries(
    Object.entries(passes.kept).map(([name, bytes]) => [name, new Float32Array(bytes / 4).fill(Number.NaN)]),
  )
  let position = 0
  for (const tokens of passes.tokens) {
    const buffers = kernel.bindings.map(({ name }) => {
      const row = passes.rows[name]
      if (row !== undefined) return row.values.slice(position * row.columns, (position + tokens) * row.columns)
      const content = passes.fixed[name] ?? kept[name]
      return name === 'out' ? tokens * outColumns * 4 : (content ?? 0)
    })
    const result = await runKernel(device, kernel, { buffers, scalars: [tokens, position], grid: passes.grid(tokens) })
    kept = Object.fromEntries(
      Object.entries(passes.kept).map(([name, bytes]) => [name, new Uint8Array(result[name] as ArrayBuffer, 0, bytes)]),
    )
    out.set(new Float32Array(result.out as ArrayBuffer, 0, tokens * outColumns), position * outColumns)
    position += tokens
  }
  return out
}

// Do a checkpoint's tensors fit an architecture's rules? Asked once, from headers alone, before anything is read.
import { CompileError } from '../errors.ts'
import type { RowRange, WeightRule, WeightSource } from './architectures/spec.ts'
import { type Checkpoint, checkReadable } from './checkpoint/checkpoint.ts'
import { configFile } from './checkpoint/config.ts'
import { quoted } from './checkpoint/json.ts'
import type { TensorEntry } from './checkpoint/safetensors.ts'
import { columnsOf, findTensor, rowCountOf, rowRangesOf, sizeOf } from './weightBlocks.ts'

/**
 * Every tensor the rules name is there, under its name or an alias, in its shape, and no other but ignorable ones. Throws CompileError naming the first
 * that is not. Rules that leave rows of a tensor unused, or whose sources do not fill their shape, are mistakes of the architecture: a plain Error.
 */
export function checkTensors(checkpoint: Checkpoint, rules: readonly WeightRule[], ignorable: readonly RegExp[]): void {
  const used = new Map<TensorEntry, { readonly rows: number; readonly ranges: RowRange[] }>()
  for (const rule of rules) {
    checkRule(rule)
    for (const source of rule.sources) {
      const tensor = requireTensor(checkpoint, source)
      const { rows, ranges } = used.get(tensor) ?? { rows: rowCountOf(source), ranges: [] }
      used.set(tensor, { rows, ranges: [...ranges, ...rowRangesOf(source)] })
    }
  }
  for (const [tensor, { rows, ranges }] of used) checkAllRowsUsed(tensor, ranges, rows)
  for (const tensor of checkpoint.tensors.values()) {
    if (used.has(tensor) || ignorable.some((pattern) => pattern.test(tensor.name))) continue
    throw new CompileError(tensor.file, `tensor ${quoted(tensor.name)}`, 'is unknown to this architecture')
  }
}

function requireTensor(checkpoint: Checkpoint, source: WeightSource): TensorEntry {
  const { shape, aliases = [] } = source
  const tensor = findTensor(checkpoint, source)
  if (tensor === undefined) {
    const others = aliases.length === 0 ? '' : ` (nor is ${aliases.map((name) => quoted(name)).join(' or ')} there)`
    const problem = `missing, expected shape [${shape}]${others}`
    throw new CompileError(checkpoint.files[0] ?? '', `tensor ${quoted(source.tensor)}`, problem)
  }
  const at = `tensor ${quoted(tensor.name)}`
  checkReadable(tensor)
  const matches = tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis])
  if (!matches)
    throw new CompileError(tensor.file, `${at}.shape`, `[${tensor.shape}], expected [${shape}] from ${configFile}`)
  return tensor
}

function checkRule(rule: WeightRule): void {
  const filled = rule.sources.reduce((sum, source) => {
    const stored = source.transposed ? [...source.shape].reverse() : source.shape
    if (source.transposed && (stored.length !== 2 || stored[1] !== columnsOf(rule, source)))
      throw new Error(`${rule.name}: [${source.shape}] cannot be turned over into [${rule.shape}]`)
    const rows = rowRangesOf(source).reduce((total, [, count]) => total + count, 0)
    return sum + rows * sizeOf(stored.slice(1))
  }, 0)
  if (filled !== sizeOf(rule.shape)) throw new Error(`${rule.name}: ${filled} values for shape [${rule.shape}]`)
  for (const source of rule.sources) {
    if (sizeOf(source.shape) % columnsOf(rule, source) !== 0)
      throw new Error(`${rule.name}: [${source.shape}] has no rows of ${columnsOf(rule, source)}`)
  }
}

/** Ranges may overlap (a row used twice) but not leave a row out. */
function checkAllRowsUsed(tensor: TensorEntry, ranges: readonly RowRange[], rows: number): void {
  let reached = 0
  for (const [start, count] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (start > reached) break
    reached = Math.max(reached, start + count)
  }
  if (reached !== rows) throw new Error(`${tensor.name}: row ${reached} of ${rows} is used by no rule`)
}

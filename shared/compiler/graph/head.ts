// From the residual stream to the logits of one row.
import { type Count, constant, type Launch } from '../library/plan.ts'
import { type GraphContext, type Slot, scalars } from './context.ts'
import { matvecLaunch } from './linear.ts'

export interface HeadGraph {
  /** [vocabulary], float32 */
  readonly logits: Slot
  /** The launches for a row of x. */
  readonly launches: (row: Count) => readonly Launch[]
}

export function headGraph(context: GraphContext, x: Slot): HeadGraph {
  const { spec, buffers } = context
  const { head, vocabularySize, hiddenSize } = spec
  const { size } = spec.embedding
  const logits = buffers.slot('logits', constant(vocabularySize * 4))
  const { projection } = head
  const projected = projection === null ? null : buffers.slot('head_input', constant(size * 4))
  const linear = head.tied ? { name: spec.embedding.name, bias: false } : head.linear
  const output = (input: Slot, row: Count, norm: typeof head.norm) =>
    matvecLaunch(context, {
      name: 'head',
      linear,
      rows: vocabularySize,
      columns: size,
      norm,
      epilogue: { kind: 'store', scale: head.scale },
      input,
      outputs: [logits],
      row,
    })
  return {
    logits,
    launches: (row) => {
      if (projection === null || projected === null) return [output(x, row, head.norm)]
      return [
        matvecLaunch(context, {
          name: 'head_project',
          linear: projection,
          rows: size,
          columns: hiddenSize,
          norm: head.norm,
          epilogue: { kind: 'store', scale: 1 },
          input: x,
          outputs: [projected],
          row,
        }),
        output(projected, scalars.row0, null),
      ]
    },
  }
}

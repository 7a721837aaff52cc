// logit_bias of the request, added in place.
import { addToLogit, assembleAdjustment, type LogitAdjustmentOptions } from './adjustLogits.ts'
import type { Kernel } from './kernel.ts'

/**
 * Bindings logits [V] (in place), ids i32 [n], bias f32 [n]; of the VM function's arguments pos2seq is not used (one sequence only). Scalar elements =
 * n; grid x = ceil(n / 64). An id given twice gets both biases; ids outside the vocabulary are skipped.
 */
export function applyLogitBias(options: LogitAdjustmentOptions): Kernel {
  return assembleAdjustment(options, {
    mathematics: 'logits[ids[i]] += bias[i]',
    inputs: [
      { name: 'ids', type: 'array<i32>', access: 'read' },
      { name: 'bias', type: 'array<f32>', access: 'read' },
    ],
    declarations: '',
    body: addToLogit('before + bias[i]'),
  })
}

// Presence, frequency and repetition penalties of the request, in place.
import { addToLogit, assembleAdjustment, type LogitAdjustmentOptions } from './adjustLogits.ts'
import type { Kernel } from './kernel.ts'

/**
 * Bindings logits [V] (in place), ids i32 [n], counts i32 [n], penalties f32 [1, 3] (presence, frequency, repetition); of the VM function's
 * arguments seq_ids and pos2seq are not used (one sequence only). Scalar elements = n; grid x = ceil(n / 64). An id given twice is
 * penalized twice, in no particular order; ids outside the vocabulary are skipped.
 */
export function applyPenalty(options: LogitAdjustmentOptions): Kernel {
  return assembleAdjustment(options, {
    mathematics:
      'z = logits[ids[i]] - presence - counts[i] * frequency; logits[ids[i]] = z < 0 ? z * repetition : z / repetition',
    inputs: [
      { name: 'ids', type: 'array<i32>', access: 'read' },
      { name: 'counts', type: 'array<i32>', access: 'read' },
      { name: 'penalties', type: 'array<f32>', access: 'read' },
    ],
    declarations: `
fn penalized(before : f32, count : f32) -> f32 {
  let z = before - penalties[0] - count * penalties[1];
  return select(z / penalties[2], z * penalties[2], z < 0.0);
}`,
    body: addToLogit('penalized(before, f32(counts[i]))'),
  })
}

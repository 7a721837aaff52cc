// What a model remembers of a conversation: keys and values, a recurrent state, or both.
import type { DecoderSpec } from '../architectures/spec.ts'
import type { StateKind } from '../library/plan.ts'

export function stateOf({ layers }: DecoderSpec, chunkTokens: number): StateKind {
  const attends = layers.some(({ mixer }) => mixer.kind === 'attention')
  const recurs = layers.some(({ mixer }) => mixer.kind !== 'attention')
  if (!recurs) return { kind: 'kv_cache' }
  return attends ? { kind: 'hybrid' } : { kind: 'rnn_state', chunkTokens }
}

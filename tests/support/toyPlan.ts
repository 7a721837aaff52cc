// The plan of the toy model's library: which kernels each VM function launches, over which buffers.
import type { Kernel } from '../../shared/compiler/kernels/kernel.ts'
import {
  type BufferRef,
  type Count,
  constant,
  count,
  type Launch,
  type LibraryPlan,
  type Program,
  type Result,
  type StateKind,
} from '../../shared/compiler/library/plan.ts'
import { hidden, toyKernels, toyVocabulary } from './toyKernels.ts'

/** Added to a token's logit for each time it is in the cache. */
export const repeatBonus = 0.125

export function toyPlan(chunkTokens: number, batch: boolean, state: StateKind['kind']): LibraryPlan {
  const table: BufferRef = { kind: 'param', index: 0 }
  // Slot 1 is the cache, or with a recurrent state alone the counts; with both, the counts are slot 5.
  const [x, cache, logits, probabilities, token, extra] = [0, 1, 2, 3, 4, 5].map(
    (index): BufferRef => ({ kind: 'slot', index }),
  )
  const bonus: BufferRef = { kind: 'constant', index: 0 }
  const argument = (index: number): BufferRef => ({ kind: 'argument', index })
  if (!(x && cache && logits && probabilities && token && extra)) throw new Error('unreachable')
  const one = constant(1)
  const launch = (kernel: Kernel, buffers: readonly BufferRef[], scalars: readonly Count[], groups = one): Launch => {
    return { kernel, buffers, scalars, grid: [groups, one] }
  }
  const perToken = count('tokens', { divide: 64 })
  const append = launch(
    toyKernels.append,
    [x, cache],
    [count('tokens'), count('position'), count('capacity')],
    perToken,
  )
  const remember = (counts: BufferRef) => launch(toyKernels.count, [x, counts], [count('tokens'), count('position')])
  const forward: readonly Launch[] = {
    kv_cache: [
      append,
      launch(toyKernels.logits, [x, cache, table, bonus, logits], [count('tokens'), count('occupied')]),
    ],
    rnn_state: [
      remember(cache),
      launch(toyKernels.recurrentLogits, [x, cache, table, bonus, logits], [count('tokens')]),
    ],
    hybrid: [
      append,
      remember(extra),
      launch(toyKernels.hybridLogits, [x, cache, extra, table, bonus, logits], [count('tokens'), count('occupied')]),
    ],
  }[state]
  const counts = (name: string) => ({ name, sizeBytes: constant(toyVocabulary * 4) })
  const vector = (slot: number, dtype: 'float32' | 'int32', shape: readonly Count[]) => ({ slot, dtype, shape })
  const logitsShape = [one, one, constant(toyVocabulary)]
  const forwards = (names: readonly string[]): readonly Program[] =>
    names.map((name) => ({
      name,
      call: { kind: 'forward', inputSlot: 0 },
      launches: forward,
      result: { kind: 'array', tensor: vector(2, 'float32', logitsShape) },
    }))
  const plain = (name: string, launches: readonly Launch[], result: Result): Program => {
    return { name, call: { kind: 'plain' }, launches, result }
  }
  const none: Result = { kind: 'none' }
  return {
    metadata: {
      model_type: 'toy',
      note: 'Ω stands for what is not ASCII',
      params: [{ name: 'table' }],
      prefill_chunk_size: chunkTokens,
      kv_state_kind: state,
    },
    params: ['table'],
    maximumPositions: 1_048_576,
    state: state === 'rnn_state' ? { kind: state, chunkTokens } : { kind: state },
    slots: [
      { name: 'x', sizeBytes: count('chunk', { multiply: hidden * 4 }) },
      state === 'rnn_state'
        ? counts('state.counts')
        : { name: 'cache.ids', sizeBytes: count('capacity', { multiply: 4 }) },
      { name: 'logits', sizeBytes: constant(toyVocabulary * 4) },
      { name: 'probabilities', sizeBytes: constant(toyVocabulary * 4) },
      { name: 'token', sizeBytes: constant(4) },
      ...(state === 'hybrid' ? [counts('state.counts')] : []),
    ],
    constants: [{ name: 'bonus', bytes: new Uint8Array(new Float32Array([repeatBonus]).buffer) }],
    programs: [
      plain(
        'embed',
        [launch(toyKernels.embed, [argument(0), x], [count('elements0')], count('elements0', { divide: 64 }))],
        { kind: 'tensor', tensor: vector(0, 'float32', [count('elements0'), constant(hidden)]) },
      ),
      ...forwards(batch ? ['batch_prefill', 'batch_decode'] : ['prefill', 'decode']),
      plain('softmax_with_temperature', [launch(toyKernels.softmax, [argument(0), argument(1), probabilities], [])], {
        kind: 'tensor',
        tensor: vector(3, 'float32', logitsShape),
      }),
      plain('argsort_probs', [], { kind: 'arguments', indices: [0, 0] }),
      plain('sample_with_top_p', [launch(toyKernels.sample, [argument(0), argument(2), argument(4), token], [])], {
        kind: 'tensor',
        tensor: vector(4, 'int32', [one]),
      }),
      plain(
        'apply_logit_bias_inplace',
        [launch(toyKernels.bias, [argument(0), argument(2), argument(3)], [count('elements2')])],
        none,
      ),
      plain(
        'apply_penalty_inplace',
        [launch(toyKernels.penalty, [argument(0), argument(3), argument(4), argument(5)], [count('elements3')])],
        none,
      ),
      plain('apply_bitmask_inplace', [launch(toyKernels.bitmask, [argument(0), argument(2)], [])], none),
    ],
  }
}

// The VM functions between logits and token: logit bias, penalties, grammar mask, softmax, top-p draw. Argument numbers follow the order in which web-llm
// 0.2.86 passes the tensors; arguments that only matter for batches of sequences are not bound.

import { adjustmentThreads } from '../kernels/adjustLogits.ts'
import { applyBitmask, applyBitmaskGroups } from '../kernels/applyBitmask.ts'
import { applyLogitBias } from '../kernels/applyLogitBias.ts'
import { applyPenalty } from '../kernels/applyPenalty.ts'
import { sampleTopP } from '../kernels/sampleTopP.ts'
import { softmaxTemperature } from '../kernels/softmax.ts'
import type { LibraryTarget } from '../kernels/target.ts'
import { type BufferRef, type Count, constant, count, type Launch, type Program, type Result } from '../library/plan.ts'
import type { Buffers } from './buffers.ts'

export interface SamplingOptions {
  readonly vocabularySize: number
  readonly target: LibraryTarget
  readonly buffers: Buffers
}

export function samplingPrograms(options: SamplingOptions): readonly Program[] {
  const { vocabularySize: vocabulary, target, buffers } = options
  const softmax = softmaxTemperature({ name: 'softmax', target, vocabulary })
  const probs = buffers.slot('probs', constant(vocabulary * 4))
  const partial = buffers.slot('softmax_partial', constant(softmax.partialBytes))
  const token = buffers.slot('token', constant(4))
  const bitmask = { name: 'apply_bitmask', vocabulary }
  const none: Result = { kind: 'none' }
  return [
    program('apply_logit_bias_inplace', none, [
      adjustment(applyLogitBias({ name: 'apply_logit_bias', vocabulary }), [0, 2, 3], count('elements2')),
    ]),
    program('apply_penalty_inplace', none, [
      adjustment(applyPenalty({ name: 'apply_penalty', vocabulary }), [0, 3, 4, 5], count('elements3')),
    ]),
    program('apply_bitmask_inplace', none, [
      {
        kernel: applyBitmask(bitmask),
        buffers: [argument(0), argument(2)],
        scalars: [],
        grid: [constant(applyBitmaskGroups(bitmask)), constant(1)],
      },
    ]),
    program(
      'softmax_with_temperature',
      { kind: 'tensor', tensor: { slot: probs.index, dtype: 'float32', shape: [constant(1), constant(vocabulary)] } },
      softmax.launches.map(({ kernel, groups }) => ({
        kernel,
        buffers: bindByName(kernel.bindings, { logits: argument(0), temperature: argument(1), probs, partial }),
        scalars: [],
        grid: [constant(groups), constant(1)],
      })),
    ),
    // The sampler needs no order, so "sorting" hands the probabilities back twice.
    program('argsort_probs', { kind: 'arguments', indices: [0, 0] }, []),
    program(
      'sample_with_top_p',
      { kind: 'tensor', tensor: { slot: token.index, dtype: 'int32', shape: [constant(1)] } },
      [
        {
          kernel: sampleTopP({ name: 'sample_top_p', target, vocabulary }),
          buffers: [argument(0), argument(2), argument(4), token],
          scalars: [count('position')],
          grid: [constant(1), constant(1)],
        },
      ],
    ),
  ]
}

function program(name: string, result: Result, launches: readonly Launch[]): Program {
  return { name, call: { kind: 'plain' }, launches, result }
}

function argument(index: number): BufferRef {
  return { kind: 'argument', index }
}

function adjustment(kernel: Launch['kernel'], indices: readonly number[], elements: Count): Launch {
  return {
    kernel,
    buffers: indices.map(argument),
    scalars: [elements],
    grid: [{ ...elements, divide: adjustmentThreads }, constant(1)],
  }
}

function bindByName(bindings: readonly { readonly name: string }[], buffers: Readonly<Record<string, BufferRef>>) {
  return bindings.map(({ name }) => {
    const buffer = buffers[name]
    if (buffer === undefined) throw new Error(`no buffer for binding ${name}`)
    return buffer
  })
}

// spec -> plan: the whole model as launches over buffers. Reads only the spec's fields; no architecture has a name here.
import type { DecoderSpec, Parameter, WeightRule } from '../architectures/spec.ts'
import type { LibraryTarget, WeightFormat } from '../kernels/target.ts'
import { constant, count, type Launch, type LibraryPlan, type Program, type StateKind } from '../library/plan.ts'
import { createBuffers } from './buffers.ts'
import { createContext, perChunk } from './context.ts'
import { embeddingGraph } from './embedding.ts'
import { headGraph } from './head.ts'
import { layerLaunches, type Pass } from './layer.ts'
import { layerGraphs } from './layers.ts'
import { parametersOfModel } from './parameters.ts'
import { prefixGraph } from './prefix.ts'
import { samplingPrograms } from './sampling.ts'
import { stateOf } from './state.ts'

export interface DecoderPlanOptions {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly format: WeightFormat
  readonly target: LibraryTarget
  /** Tokens per prefill call at most. */
  readonly chunkTokens: number
  /** Context the chat config will ask for. */
  readonly contextTokens: number
}

/** Positions the rotary table covers at least: a sliding window lets a conversation run far past the context. */
const minimumPositions = 65_536

/** The plan of a model library. Deterministic: equal options give an equal plan. */
export function decoderPlan(options: DecoderPlanOptions): LibraryPlan {
  const { spec, format, target } = options
  const params = parametersOfModel(options.rules, format)
  const buffers = createBuffers(params)
  const positions = maximumPositions(options)
  const context = createContext({ spec, format, target, buffers }, positions)
  const streams = {
    x: perChunk(buffers, 'x', spec.hiddenSize),
    normed: perChunk(buffers, 'normed', spec.hiddenSize),
  }
  const prefix = prefixGraph(context)
  const embedding = embeddingGraph(context, streams, prefix)
  const layers = layerGraphs(context, prefix)
  const head = headGraph(context, streams.x)
  const state = stateOf(spec, options.chunkTokens)
  const forward = (pass: Pass): Program => ({
    name: state.kind === 'hybrid' ? `batch_${pass}` : pass,
    call: { kind: 'forward', inputSlot: embedding.input.index },
    launches: [
      ...embedding.launches(pass),
      ...layers.flatMap((layer): readonly Launch[] => layerLaunches(context, pass, layer, streams)),
      ...head.launches(pass === 'decode' ? constant(0) : count('tokens', { add: -1 })),
    ],
    result: {
      kind: 'array',
      tensor: {
        slot: head.logits.index,
        dtype: 'float32',
        shape: [constant(1), constant(1), constant(spec.vocabularySize)],
      },
    },
  })
  return {
    metadata: metadata(options, params, state),
    state,
    params: params.map((param) => param.name),
    maximumPositions: positions,
    programs: [
      embedding.program,
      forward('prefill'),
      forward('decode'),
      ...samplingPrograms({ vocabularySize: spec.vocabularySize, target, buffers }),
    ],
    slots: buffers.slots,
    constants: buffers.constants,
  }
}

/** Learned positions end with their table. */
function maximumPositions({ spec, contextTokens }: DecoderPlanOptions): number {
  const { positions } = spec.embedding
  return positions === null ? Math.max(contextTokens, minimumPositions) : positions.rows - positions.offset
}

/** MLC's metadata keys; web-llm reads params, prefill_chunk_size and kv_state_kind. */
function metadata(
  options: DecoderPlanOptions,
  params: readonly Parameter[],
  state: StateKind,
): Readonly<Record<string, unknown>> {
  const { spec, format, target, chunkTokens, contextTokens } = options
  const attention = spec.layers.flatMap(({ mixer }) => (mixer.kind === 'attention' ? [mixer] : []))
  return {
    model_type: spec.modelType,
    quantization: format,
    target,
    context_window_size: spec.slidingWindowTokens === null ? contextTokens : -1,
    sliding_window_size: spec.slidingWindowTokens ?? -1,
    attention_sink_size: spec.slidingWindowTokens === null ? -1 : 0,
    prefill_chunk_size: chunkTokens,
    tensor_parallel_shards: 1,
    kv_state_kind: state.kind,
    max_batch_size: 1,
    kv_cache: {
      num_hidden_layers: attention.length,
      num_attention_heads: attention[0]?.heads ?? 0,
      num_key_value_heads: Math.max(0, ...attention.map(({ kvHeads }) => kvHeads)),
      head_dim: attention[0]?.headSize ?? 0,
    },
    params: params.map(({ name, shape, dtype }) => ({ name, shape, dtype, preprocs: [] })),
  }
}

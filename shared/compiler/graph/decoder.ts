// spec -> plan: the whole model as launches over buffers. Reads only the spec's fields; no architecture has a name here.
import type { DecoderSpec, Parameter, WeightRule } from '../architectures/spec.ts'
import { attentionPartialElements } from '../kernels/attentionDecode.ts'
import { cacheBytesPerElement } from '../kernels/cache.ts'
import { embedding, embeddingGroupsPerToken } from '../kernels/embedding.ts'
import { ropeTable } from '../kernels/rope.ts'
import { isQuantized, type LibraryTarget, type WeightFormat } from '../kernels/target.ts'
import { type Count, constant, count, type Launch, type LibraryPlan, type Program } from '../library/plan.ts'
import { type Buffers, createBuffers } from './buffers.ts'
import {
  attentionSplitKeys,
  decodeLayer,
  type LayerCache,
  type LayerContext,
  type LayerSlots,
  matvecLaunch,
  prefillLayer,
} from './layer.ts'
import { parametersOfModel } from './parameters.ts'
import { samplingPrograms } from './sampling.ts'

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
  const positions = Math.max(options.contextTokens, minimumPositions)
  const rope = ropeTable(spec.position, spec.headSize, positions)
  const slots = layerSlots(spec, buffers)
  const caches = Array.from({ length: spec.layers }, (_, layer) => layerCache(spec, target, buffers, layer))
  const context: LayerContext = {
    spec,
    format,
    target,
    buffers,
    slots,
    ropeShift: rope.shift,
    ropeTable: buffers.constant('rope_table', rope.bytes),
  }
  const logits = buffers.slot('logits', constant(spec.vocabularySize * 4))
  const headLaunch = (row: Count): Launch =>
    matvecLaunch(context, 'head', {
      weight: spec.tiedHead ? 'model.embed_tokens' : 'lm_head',
      rows: spec.vocabularySize,
      columns: spec.hiddenSize,
      bias: false,
      norm: 'model.norm.weight',
      epilogue: { kind: 'store' },
      input: slots.x,
      outputs: [logits],
      row,
    })
  const forward = (name: string, launches: readonly Launch[]): Program => ({
    name,
    call: { kind: 'forward', inputSlot: slots.x.index },
    launches,
    result: {
      kind: 'array',
      tensor: {
        slot: logits.index,
        dtype: 'float32',
        shape: [constant(1), constant(1), constant(spec.vocabularySize)],
      },
    },
  })
  return {
    metadata: metadata(options, params),
    params: params.map((param) => param.name),
    maximumPositions: positions,
    programs: [
      embedProgram(context, slots),
      forward('prefill', [
        ...caches.flatMap((cache, layer) => prefillLayer(context, layer, cache)),
        headLaunch(count('tokens', { add: -1 })),
      ]),
      forward('decode', [
        ...caches.flatMap((cache, layer) => decodeLayer(context, layer, cache)),
        headLaunch(constant(0)),
      ]),
      ...samplingPrograms({ vocabularySize: spec.vocabularySize, target, buffers }),
    ],
    slots: buffers.slots,
    constants: buffers.constants,
  }
}

type Slots = LayerSlots & { readonly x: { readonly kind: 'slot'; readonly index: number } }

function layerSlots(spec: DecoderSpec, buffers: Buffers): Slots {
  const attentionWidth = spec.heads * spec.headSize
  const perChunk = (name: string, floats: number) => buffers.slot(name, count('chunk', { multiply: floats * 4 }))
  return {
    x: perChunk('x', spec.hiddenSize),
    normed: perChunk('normed', spec.hiddenSize),
    qkv: perChunk('qkv', (spec.heads + 2 * spec.kvHeads) * spec.headSize),
    query: perChunk('query', attentionWidth),
    attended: perChunk('attended', attentionWidth),
    gateUp: perChunk('gate_up', 2 * spec.intermediateSize),
    gated: perChunk('gated', spec.intermediateSize),
    partial: buffers.slot(
      'attention_partial',
      count('capacity', {
        divide: attentionSplitKeys,
        multiply: 4 * attentionPartialElements({ heads: spec.heads, headSize: spec.headSize }),
      }),
    ),
  }
}

function layerCache(spec: DecoderSpec, target: LibraryTarget, buffers: Buffers, layer: number): LayerCache {
  const rowBytes = spec.kvHeads * spec.headSize * cacheBytesPerElement(target)
  const sizeBytes = count('capacity', { multiply: rowBytes })
  return {
    keys: buffers.slot(`cache.keys.${layer}`, sizeBytes),
    values: buffers.slot(`cache.values.${layer}`, sizeBytes),
  }
}

function embedProgram(context: LayerContext, slots: Slots): Program {
  const { spec, format, target, buffers } = context
  const options = { name: 'embedding', target, format, vocabulary: spec.vocabularySize, hidden: spec.hiddenSize }
  const stem = 'model.embed_tokens'
  const weights = isQuantized(format) ? [`${stem}.q_weight`, `${stem}.q_scale`] : [`${stem}.weight`]
  return {
    name: 'embed',
    call: { kind: 'plain' },
    launches: [
      {
        kernel: embedding(options),
        buffers: [{ kind: 'argument', index: 0 }, ...weights.map(buffers.param), slots.x],
        scalars: [count('elements0')],
        grid: [count('elements0', { multiply: embeddingGroupsPerToken(options) }), constant(1)],
      },
    ],
    result: {
      kind: 'tensor',
      tensor: { slot: slots.x.index, dtype: 'float32', shape: [count('elements0'), constant(spec.hiddenSize)] },
    },
  }
}

/** MLC's metadata keys; web-llm reads params, prefill_chunk_size and kv_state_kind. */
function metadata(options: DecoderPlanOptions, params: readonly Parameter[]): Readonly<Record<string, unknown>> {
  const { spec, format, target, chunkTokens, contextTokens } = options
  return {
    model_type: spec.modelType,
    quantization: format,
    target,
    context_window_size: spec.slidingWindowTokens === null ? contextTokens : -1,
    sliding_window_size: spec.slidingWindowTokens ?? -1,
    attention_sink_size: spec.slidingWindowTokens === null ? -1 : 0,
    prefill_chunk_size: chunkTokens,
    tensor_parallel_shards: 1,
    kv_state_kind: 'kv_cache',
    max_batch_size: 1,
    kv_cache: {
      num_hidden_layers: spec.layers,
      num_attention_heads: spec.heads,
      num_key_value_heads: spec.kvHeads,
      head_dim: spec.headSize,
    },
    params: params.map(({ name, shape, dtype }) => ({ name, shape, dtype, preprocs: [] })),
  }
}

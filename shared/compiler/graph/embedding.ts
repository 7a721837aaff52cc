// From token ids to the residual stream. web-llm looks embeddings up before a forward pass and without its position, so the `embed` program only reads
// the table; projection, positions and norm open the forward pass.
import { addPositions, addPositionsGroupsPerToken } from '../kernels/addPositions.ts'
import { embedding, embeddingGroupsPerToken } from '../kernels/embedding.ts'
import { constant, count, type Launch, type Program } from '../library/plan.ts'
import { type GraphContext, perChunk, type Slot, scalars } from './context.ts'
import type { Pass, Streams } from './layer.ts'
import { matmulLaunch, matrixBuffers, matvecLaunch, normLaunch } from './linear.ts'
import type { PrefixGraph } from './prefix.ts'

export interface EmbeddingGraph {
  readonly program: Program
  /** Where the forward pass finds the rows of the table, [chunk, embedding.size]. */
  readonly input: Slot
  /** From `input` to the stream x. */
  readonly launches: (pass: Pass) => readonly Launch[]
}

export function embeddingGraph(context: GraphContext, streams: Streams, prefix: PrefixGraph | null): EmbeddingGraph {
  const { embedding: spec, hiddenSize } = context.spec
  // A norm cannot work in place: what comes before it is made in the other stream.
  const stream = spec.norm === null ? streams.x : streams.normed
  const input = spec.projection === null ? stream : perChunk(context.buffers, 'embedded', spec.size)
  return {
    program: embedProgram(context, input, prefix),
    input,
    launches: (pass) => [
      ...(prefix?.launches ?? []),
      ...(spec.projection === null ? [] : [projectionLaunch(context, pass, spec.projection, input, stream)]),
      ...(spec.positions === null ? [] : [positionsLaunch(context, spec.positions, stream, hiddenSize)]),
      ...(spec.norm === null ? [] : [normLaunch(context, spec.norm, stream, streams.x)]),
    ],
  }
}

function projectionLaunch(
  context: GraphContext,
  pass: Pass,
  linear: NonNullable<GraphContext['spec']['embedding']['projection']>,
  input: Slot,
  output: Slot,
): Launch {
  const { hiddenSize, embedding: spec } = context.spec
  const use = { linear, rows: hiddenSize, columns: spec.size, input, epilogue: { kind: 'store', scale: 1 } } as const
  return pass === 'decode'
    ? matvecLaunch(context, { ...use, name: 'embed_project_decode', norm: null, outputs: [output], row: scalars.row0 })
    : matmulLaunch(context, { ...use, name: 'embed_project_prefill', output })
}

function positionsLaunch(
  { format, target, buffers, kernel }: GraphContext,
  { name: table, rows, offset }: NonNullable<GraphContext['spec']['embedding']['positions']>,
  stream: Slot,
  columns: number,
): Launch {
  return {
    kernel: kernel('add_positions', (name) => addPositions({ name, target, format, columns, rows, offset })),
    buffers: [stream, buffers.param(`${table}.weight`)],
    scalars: [scalars.tokens, scalars.position],
    grid: [count('tokens', { multiply: addPositionsGroupsPerToken({ columns }) }), constant(1)],
  }
}

function embedProgram(context: GraphContext, output: Slot, prefix: PrefixGraph | null): Program {
  const { spec, format, target } = context
  const options = { target, format, vocabulary: spec.vocabularySize, hidden: spec.embedding.size }
  const groupsPerToken = embeddingGroupsPerToken({ name: '', ...options })
  return {
    name: 'embed',
    call: { kind: 'plain' },
    launches: [
      {
        kernel: context.kernel('embedding', (name) => embedding({ name, ...options })),
        buffers: [{ kind: 'argument', index: 0 }, ...matrixBuffers(context, spec.embedding.name), output],
        scalars: [count('elements0')],
        grid: [count('elements0', { multiply: groupsPerToken }), constant(1)],
      },
      ...(prefix === null ? [] : [prefix.keep]),
    ],
    result: {
      kind: 'tensor',
      tensor: { slot: output.index, dtype: 'float32', shape: [count('elements0'), constant(spec.embedding.size)] },
    },
  }
}

// Mixtures of experts: three launches for one token, which read the chosen experts only; five for a chunk, whose tokens are sorted by expert first.
import type { FeedForwardSpec } from '../architectures/spec.ts'
import { expertsCombine, expertsCombineGroupsPerToken } from '../kernels/expertsCombine.ts'
import { expertsGroup, expertsTiles } from '../kernels/expertsGroup.ts'
import { expertsMatmul, expertsMatmulTile } from '../kernels/expertsMatmul.ts'
import { expertsMatvec, expertsMatvecGrid } from '../kernels/expertsMatvec.ts'
import { expertsRoute, expertsRouteTokensPerGroup } from '../kernels/expertsRoute.ts'
import { constant, count, type Launch } from '../library/plan.ts'
import { type GraphContext, type HalfLaunches, perChunk, type Slot, scalars } from './context.ts'
import type { Half, Pass } from './layer.ts'
import { matrixBuffers, normBuffers } from './linear.ts'

export type ExpertsSpec = Extract<FeedForwardSpec, { readonly kind: 'experts' }>

/** Shared by all layers. A choice is a token with one of its experts: chunk * chosen of them, numbered token by token. */
export interface ExpertsSlots {
  /** [hidden]: one token's input, when its norm is fused. */
  readonly normed: Slot
  /** u32 [chunk, chosen] */
  readonly ids: Slot
  /** [chunk, chosen] */
  readonly shares: Slot
  /** u32 [tiles]: the expert of each tile of choices. */
  readonly experts: Slot
  /** u32 [tiles, tile]: the choices sorted by expert. */
  readonly choices: Slot
  /** [chunk, chosen, size] */
  readonly inner: Slot
  /** [chunk, chosen, hidden] */
  readonly outer: Slot
}

/** Wide enough for each of the layers. */
export function expertsSlots({ spec, target, buffers }: GraphContext, layers: readonly ExpertsSpec[]): ExpertsSlots {
  const most = (of: (layer: ExpertsSpec) => number) => Math.max(...layers.map(of))
  const tile = tileOf(target)
  const tiles = (name: string, entries: number) =>
    buffers.slot(
      name,
      count('chunk', {
        divide: tile,
        multiply: 4 * entries * most((layer) => expertsTiles({ ...layer, tile }).multiply),
        add: 4 * entries * most((layer) => expertsTiles({ ...layer, tile }).add),
      }),
    )
  const chosen = most((layer) => layer.chosen)
  return {
    normed: buffers.slot('expert_input', constant(spec.hiddenSize * 4)),
    ids: perChunk(buffers, 'expert_ids', chosen),
    shares: perChunk(buffers, 'expert_shares', chosen),
    experts: tiles('expert_tiles', 1),
    choices: tiles('expert_choices', tile),
    inner: perChunk(
      buffers,
      'expert_inner',
      most((layer) => layer.chosen * layer.size),
    ),
    outer: perChunk(buffers, 'expert_outer', chosen * spec.hiddenSize),
  }
}

export function decodeExperts(context: GraphContext, spec: ExpertsSpec, slots: ExpertsSlots, half: Half): HalfLaunches {
  const { format, target, spec: model } = context
  const { count: experts, chosen, size, activation } = spec
  const common = { format, target, count: experts, chosen }
  const inward = {
    ...common,
    rows: 2 * size,
    columns: model.hiddenSize,
    epilogue: { kind: 'gated', activation } as const,
  }
  const outward = {
    ...common,
    rows: model.hiddenSize,
    columns: size,
    epilogue: { kind: 'addResidual', scale: half.residualScale } as const,
  }
  return {
    read: [
      routeLaunch(context, spec, slots, half, 'decode'),
      matvecLaunch(context, 'experts_gate_up_decode', inward, [
        half.norm === null ? half.input : slots.normed,
        slots.ids,
        slots.shares,
        ...matrixBuffers(context, spec.gateUp),
        slots.inner,
      ]),
    ],
    write: [
      matvecLaunch(context, 'experts_down_decode', outward, [
        slots.inner,
        slots.ids,
        ...matrixBuffers(context, spec.down),
        half.residual,
      ]),
    ],
  }
}

export function prefillExperts(
  context: GraphContext,
  spec: ExpertsSpec,
  slots: ExpertsSlots,
  half: Half,
): HalfLaunches {
  if (half.norm !== null) throw new Error('a chunk is normed ahead of its experts')
  const { format, target, spec: model } = context
  const { count: experts, chosen, size, activation } = spec
  const common = { format, target, count: experts, chosen }
  const inward = {
    ...common,
    rows: 2 * size,
    columns: model.hiddenSize,
    epilogue: { kind: 'gated', activation } as const,
  }
  const outward = { ...common, rows: model.hiddenSize, columns: size, epilogue: { kind: 'store' } as const }
  const group = { target, count: experts, chosen, tile: tileOf(target) }
  const combine = { columns: model.hiddenSize, chosen, scale: half.residualScale }
  const sorted = [slots.experts, slots.choices]
  return {
    read: [
      routeLaunch(context, spec, slots, half, 'prefill'),
      {
        kernel: context.kernel('experts_group', (name) => expertsGroup({ name, ...group })),
        buffers: [slots.ids, ...sorted],
        scalars: [scalars.tokens],
        grid: [scalars.one, scalars.one],
      },
      matmulLaunch(context, 'experts_gate_up_prefill', inward, [
        half.input,
        ...sorted,
        slots.shares,
        ...matrixBuffers(context, spec.gateUp),
        slots.inner,
      ]),
      matmulLaunch(context, 'experts_down_prefill', outward, [
        slots.inner,
        ...sorted,
        ...matrixBuffers(context, spec.down),
        slots.outer,
      ]),
    ],
    write: [
      {
        kernel: context.kernel('experts_combine', (name) => expertsCombine({ name, ...combine })),
        buffers: [slots.outer, half.residual],
        scalars: [scalars.tokens],
        grid: [count('tokens', { multiply: expertsCombineGroupsPerToken(combine) }), scalars.one],
      },
    ],
  }
}

/** Choices of a tile: that of the products. */
function tileOf(target: GraphContext['target']): number {
  return expertsMatmulTile({ target, epilogue: { kind: 'store' } }).choices
}

function routeLaunch(
  context: GraphContext,
  spec: ExpertsSpec,
  slots: ExpertsSlots,
  { input, norm }: Half,
  pass: Pass,
): Launch {
  const { format, target } = context
  const options = { format, target, columns: context.spec.hiddenSize, count: spec.count, chosen: spec.chosen, norm }
  return {
    kernel: context.kernel(`experts_route_${pass}`, (name) => expertsRoute({ ...options, name })),
    buffers: [
      input,
      ...normBuffers(context, norm),
      context.buffers.param(`${spec.router}.weight`),
      ...(norm === null ? [] : [slots.normed]),
      slots.ids,
      slots.shares,
    ],
    scalars: [scalars.tokens],
    grid: [count('tokens', { divide: expertsRouteTokensPerGroup({ target }) }), scalars.one],
  }
}

function matvecLaunch(
  context: GraphContext,
  base: string,
  options: Omit<Parameters<typeof expertsMatvec>[0], 'name'>,
  buffers: Launch['buffers'],
): Launch {
  const [x, y] = expertsMatvecGrid(options)
  return {
    kernel: context.kernel(base, (name) => expertsMatvec({ name, ...options })),
    buffers,
    scalars: [],
    grid: [constant(x), constant(y)],
  }
}

function matmulLaunch(
  context: GraphContext,
  base: string,
  options: Omit<Parameters<typeof expertsMatmul>[0], 'name'>,
  buffers: Launch['buffers'],
): Launch {
  const tile = expertsMatmulTile(options)
  const units = options.epilogue.kind === 'gated' ? options.rows / 2 : options.rows
  const { perTokens, multiply, add } = expertsTiles({ ...options, tile: tile.choices })
  return {
    kernel: context.kernel(base, (name) => expertsMatmul({ name, ...options })),
    buffers,
    scalars: [scalars.tokens],
    grid: [constant(Math.ceil(units / tile.units)), count('tokens', { divide: perTokens, multiply, add })],
  }
}

// Token ids to rows of the embedding matrix, dequantized. Ids come from outside the library, so they are clamped to the vocabulary.
import { assembleKernel, type Kernel } from './kernel.ts'
import { isQuantized, type LibraryTarget, type WeightFormat } from './target.ts'
import { checkWeightShape, chunksPerRow, type WeightShape, weightBindings, weightFunctions } from './weights.ts'

export interface EmbeddingOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly vocabulary: number
  readonly hidden: number
}

const lanes = 64

/** Workgroups along x = tokens * this; 1 along y. */
export function embeddingGroupsPerToken(o: EmbeddingOptions): number {
  return Math.ceil(o.hidden / 4 / lanes)
}

/** Bindings: ids i32 [tokens]; q_weight and q_scale, or weight [vocabulary, hidden]; out f32 [tokens, hidden]. Scalar: tokens. */
export function embedding(o: EmbeddingOptions): Kernel {
  const shape: WeightShape = { target: o.target, format: o.format, rows: o.vocabulary, columns: o.hidden }
  checkWeightShape(o.name, shape)
  const groups = embeddingGroupsPerToken(o)
  return assembleKernel({
    name: o.name,
    mathematics: 'out[t,k] = W[ids[t],k]',
    enables: o.target === 'half' ? ['f16'] : [],
    bindings: [
      { name: 'ids', type: 'array<i32>', access: 'read' },
      ...weightBindings(shape),
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: ['tokens'],
    workgroupSize: [lanes],
    declarations: `
const columns4 = ${o.hidden / 4}u;
const chunks = ${chunksPerRow(shape)}u;
${weightFunctions(shape)}`,
    body: `
let token = group_x / ${groups}u;
let column4 = group_x % ${groups}u * ${lanes}u + local_index;
if (token >= args.tokens || column4 >= columns4) { return; }
let id = u32(clamp(ids[token], 0, ${o.vocabulary - 1}));
${
  isQuantized(o.format)
    ? `let chunk = id * chunks + column4 / 8u;
let values = nibbles(q_weight[chunk][(column4 >> 1u) & 3u])[column4 & 1u];
out[token * columns4 + column4] = ${o.target === 'half' ? 'vec4<f32>(values)' : 'values'} * (places * q_scale_at(chunk));`
    : 'out[token * columns4 + column4] = weight_at(id * chunks + column4);'
}`,
  })
}

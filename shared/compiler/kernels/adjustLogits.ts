// What the kernels that change listed logits share: one invocation per entry, and a compare-and-exchange so that an id listed twice loses nothing.
import { assembleKernel, type Binding, type Kernel } from './kernel.ts'

export interface LogitAdjustmentOptions {
  readonly name: string
  readonly vocabulary: number
}

export const adjustmentThreads = 64

export function assembleAdjustment(
  { name, vocabulary }: LogitAdjustmentOptions,
  parts: {
    readonly mathematics: string
    readonly inputs: readonly Binding[]
    readonly declarations: string
    readonly body: string
  },
): Kernel {
  return assembleKernel({
    name,
    mathematics: parts.mathematics,
    bindings: [{ name: 'logits', type: 'array<atomic<u32>>', access: 'read_write' }, ...parts.inputs],
    scalars: ['elements'],
    workgroupSize: [adjustmentThreads],
    declarations: `const VOCABULARY = ${vocabulary};\n${parts.declarations.trim()}`,
    body: parts.body,
  })
}

/** Replaces logits[ids[i]] by a WGSL expression of `before` and `i`. */
export function addToLogit(after: string): string {
  return `
let i = group_x * ${adjustmentThreads}u + local_index;
if (i >= args.elements || ids[i] < 0 || ids[i] >= VOCABULARY) { return; }
let id = u32(ids[i]);
var seen = atomicLoad(&logits[id]);
loop {
  let before = bitcast<f32>(seen);
  let exchange = atomicCompareExchangeWeak(&logits[id], seen, bitcast<u32>(${after}));
  if (exchange.exchanged) { break; }
  seen = exchange.old_value;
}`
}

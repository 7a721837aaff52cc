// The grammar's mask: tokens it forbids get the lowest float32, in place.
import { assembleKernel, type Kernel } from './kernel.ts'

export interface ApplyBitmaskOptions {
  readonly name: string
  readonly vocabulary: number
}

/** Workgroups along x. */
export function applyBitmaskGroups({ vocabulary }: ApplyBitmaskOptions): number {
  return Math.ceil(vocabulary / 256)
}

/** Bindings logits [V] (in place), mask i32 [ceil(V / 32)], lowest bit first; of the VM function's arguments seq_ids is not used. No scalars. */
export function applyBitmask(options: ApplyBitmaskOptions): Kernel {
  return assembleKernel({
    name: options.name,
    mathematics: 'logits[i] = bit i of mask ? logits[i] : lowest float32',
    bindings: [
      { name: 'logits', type: 'array<f32>', access: 'read_write' },
      { name: 'mask', type: 'array<u32>', access: 'read' },
    ],
    scalars: [],
    workgroupSize: [256],
    declarations: `const VOCABULARY = ${options.vocabulary}u;`,
    body: `
let i = group_x * 256u + local_index;
if (i >= VOCABULARY) { return; }
if (((mask[i / 32u] >> (i % 32u)) & 1u) == 0u) { logits[i] = -0x1.fffffep+127f; }`,
  })
}

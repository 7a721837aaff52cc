// A layer's mixer with what it remembers of the tokens before: a cache of keys and values, or a recurrent state.
import type { MixerSpec } from '../../shared/compiler/architectures/spec.ts'
import { createHyena } from './hyena.ts'
import type { Tensors, Vector } from './linear.ts'
import { createMamba } from './mamba.ts'
import { createSelfAttention, type Window } from './selfAttention.ts'

/** Mixes one token's normed input [hidden] with those fed before; positions come one after the other from 0. */
export type Mixer = (x: Float32Array, position: number) => Vector

export function createMixer(tensors: Tensors, spec: MixerSpec, window: Window): Mixer {
  switch (spec.kind) {
    case 'attention':
      return createSelfAttention(tensors, spec, window)
    case 'mamba':
      return createMamba(tensors, spec)
    case 'hyena':
      return createHyena(tensors, spec)
    default:
      return spec satisfies never
  }
}

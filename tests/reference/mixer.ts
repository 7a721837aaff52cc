// A layer's mixer with what it remembers of the tokens before: a cache of keys and values, or a recurrent state.
import type { MixerSpec } from '../../shared/compiler/architectures/spec.ts'
import { createHyena } from './hyena.ts'
import type { Tensors, Vector } from './linear.ts'
import { createMamba } from './mamba.ts'
import type { Place } from './places.ts'
import { createSelfAttention, type Window } from './selfAttention.ts'

/** Mixes the normed inputs [hidden] of tokens fed together with each other and with those fed before. */
export type Mixer = (inputs: readonly Vector[], places: readonly Place[]) => readonly Vector[]

/** The same of one token that sees nothing behind it. */
export type Recurrence = (input: Float32Array) => Vector

export function createMixer(tensors: Tensors, spec: MixerSpec, window: Window): Mixer {
  switch (spec.kind) {
    case 'attention':
      return createSelfAttention(tensors, spec, window)
    case 'mamba':
      return oneByOne(createMamba(tensors, spec))
    case 'hyena':
      return oneByOne(createHyena(tensors, spec))
    default:
      return spec satisfies never
  }
}

function oneByOne(mix: Recurrence): Mixer {
  return (inputs) => inputs.map((input) => mix(input))
}

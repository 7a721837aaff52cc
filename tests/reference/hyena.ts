// A Hyena filter in modal form, one token at a time, as HyenaSpec defines it: the recurrence of Massaroli et al. 2023 (arXiv:2310.18780, section 2.1).
import type { HyenaSpec } from '../../shared/compiler/architectures/spec.ts'
import { createConvolution } from './convolution.ts'
import { project, type Tensors } from './linear.ts'
import type { Mixer } from './mixer.ts'

export function createHyena(tensors: Tensors, spec: HyenaSpec): Mixer {
  const { stateSize, shortFilterSize } = spec
  const poles = tensors(spec.poles) // [hidden, stateSize, (real, imaginary)]
  const residues = tensors(spec.residues)
  const skip = tensors(spec.skip)
  const state = new Float64Array(poles.length)
  const convolve = createConvolution(
    tensors(spec.shortFilterWeight),
    spec.shortFilterBias === null ? null : tensors(spec.shortFilterBias),
    shortFilterSize,
  )
  return (input) => {
    const hiddenSize = input.length
    const filtered = convolve(project(tensors, spec.projection, input))
    const out = new Float32Array(hiddenSize)
    for (let channel = 0; channel < hiddenSize; channel++) {
      const a = filtered[channel] as number
      const bv = (filtered[hiddenSize + channel] as number) * (filtered[2 * hiddenSize + channel] as number)
      let y = (skip[channel] as number) * bv
      for (let n = 0; n < stateSize; n++) {
        const at = 2 * (channel * stateSize + n)
        const [poleRe, poleIm] = [poles[at] as number, poles[at + 1] as number]
        const [re, im] = [state[at] as number, state[at + 1] as number]
        state[at] = poleRe * re - poleIm * im + bv
        state[at + 1] = poleRe * im + poleIm * re
        y += (residues[at] as number) * state[at] - (residues[at + 1] as number) * state[at + 1]
      }
      out[channel] = a * y
    }
    return project(tensors, spec.output, out)
  }
}

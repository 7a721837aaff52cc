// A Hyena filter in modal form, one token at a time, as HyenaSpec defines it: the recurrence of Massaroli et al. 2023 (arXiv:2310.18780, section 2.1).
import type { HyenaSpec } from '../../shared/compiler/architectures/spec.ts'
import { createConvolution } from './convolution.ts'
import { project, type Tensors, type Vector } from './linear.ts'
import type { Recurrence } from './mixer.ts'

export function createHyena(tensors: Tensors, spec: HyenaSpec): Recurrence {
  const filter = createFilter(tensors, spec)
  return (input) => project(tensors, spec.output, filter(project(tensors, spec.projection, input)))
}

/** From the projected input, [3 * hidden], to what the output projection reads. */
export function createFilter(tensors: Tensors, spec: HyenaSpec): (projected: Float32Array) => Vector {
  const { stateSize } = spec
  const poles = tensors(spec.poles) // [hidden, stateSize, (real, imaginary)]
  const residues = tensors(spec.residues)
  const skip = tensors(spec.skip)
  const state = new Float64Array(poles.length)
  const convolve = createConvolution(
    tensors(spec.shortFilterWeight),
    spec.shortFilterBias === null ? null : tensors(spec.shortFilterBias),
    spec.shortFilterSize,
  )
  return (projected) => {
    const hiddenSize = projected.length / 3
    const filtered = convolve(projected)
    return Float32Array.from(skip, (skipped, channel) => {
      const bv = (filtered[hiddenSize + channel] as number) * (filtered[2 * hiddenSize + channel] as number)
      let y = skipped * bv
      for (let at = 2 * channel * stateSize; at < 2 * (channel + 1) * stateSize; at += 2) {
        const [poleRe, poleIm] = [poles[at] as number, poles[at + 1] as number]
        const [re, im] = [state[at] as number, state[at + 1] as number]
        const nextRe = poleRe * re - poleIm * im + bv
        const nextIm = poleRe * im + poleIm * re
        state[at] = nextRe
        state[at + 1] = nextIm
        y += (residues[at] as number) * nextRe - (residues[at + 1] as number) * nextIm
      }
      return (filtered[channel] as number) * y
    })
  }
}

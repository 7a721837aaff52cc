// Mamba's selective state space, one token at a time, as MambaSpec defines it (Gu and Dao 2023, arXiv:2312.00752, algorithm 2).
import type { MambaSpec } from '../../shared/compiler/architectures/spec.ts'
import { createConvolution } from './convolution.ts'
import { project, type Tensors } from './linear.ts'
import type { Mixer } from './mixer.ts'

export function createMamba(tensors: Tensors, spec: MambaSpec): Mixer {
  const { innerSize, stateSize, timeStepRank, convolution } = spec
  const state = new Float64Array(innerSize * stateSize)
  const convolve = createConvolution(
    tensors(`${convolution.name}.weight`),
    convolution.bias ? tensors(`${convolution.name}.bias`) : null,
    spec.convolutionSize,
  )
  return (input) => {
    const xAndGate = project(tensors, spec.inProjection, input)
    const gate = xAndGate.subarray(innerSize)
    const u = convolve(xAndGate.subarray(0, innerSize)).map(silu)
    const parameters = project(tensors, spec.xProjection, u)
    const steps = project(tensors, spec.timeStepProjection, parameters.subarray(0, timeStepRank))
    const b = parameters.subarray(timeStepRank, timeStepRank + stateSize)
    const c = parameters.subarray(timeStepRank + stateSize)
    const logA = tensors(spec.logA)
    const skip = tensors(spec.skip)
    const out = new Float32Array(innerSize)
    for (let channel = 0; channel < innerSize; channel++) {
      const x = u[channel] as number
      const step = Math.log1p(Math.exp(steps[channel] as number))
      let y = (skip[channel] as number) * x
      for (let n = 0; n < stateSize; n++) {
        const at = channel * stateSize + n
        const kept = Math.exp(-step * Math.exp(logA[at] as number)) * (state[at] as number)
        state[at] = kept + step * x * (b[n] as number)
        y += state[at] * (c[n] as number)
      }
      out[channel] = y * silu(gate[channel] as number)
    }
    return project(tensors, spec.output, out)
  }
}

function silu(x: number): number {
  return x / (1 + Math.exp(-x))
}

// Mamba's selective state space, one token at a time, as MambaSpec defines it (Gu and Dao 2023, arXiv:2312.00752, algorithm 2).
import type { MambaSpec } from '../../shared/compiler/architectures/spec.ts'
import { createConvolution } from './convolution.ts'
import { project, type Tensors, type Vector } from './linear.ts'
import type { Recurrence } from './mixer.ts'

export function createMamba(tensors: Tensors, spec: MambaSpec): Recurrence {
  const { innerSize, convolution } = spec
  const scan = createScan(tensors, spec)
  const convolve = createConvolution(
    tensors(`${convolution.name}.weight`),
    convolution.bias ? tensors(`${convolution.name}.bias`) : null,
    spec.convolutionSize,
  )
  return (input) => {
    const projected = project(tensors, spec.inProjection, input)
    const u = convolve(projected.subarray(0, innerSize)).map(silu)
    const scanned = scan(u, projected.subarray(innerSize), project(tensors, spec.xProjection, u))
    return project(tensors, spec.output, scanned)
  }
}

/** The recurrence from the convolved input, the gate and [time step, B, C] to what the output projection reads. */
export function createScan(
  tensors: Tensors,
  spec: MambaSpec,
): (u: Float32Array, gate: Float32Array, parameters: Float32Array) => Vector {
  const { innerSize, stateSize, timeStepRank } = spec
  const state = new Float64Array(innerSize * stateSize)
  const logA = tensors(spec.logA)
  const skip = tensors(spec.skip)
  return (u, gate, parameters) => {
    const steps = project(tensors, spec.timeStepProjection, parameters.subarray(0, timeStepRank))
    const b = parameters.subarray(timeStepRank, timeStepRank + stateSize)
    const c = parameters.subarray(timeStepRank + stateSize)
    return Float32Array.from(u, (x, channel) => {
      const step = softplus(steps[channel] as number)
      let y = (skip[channel] as number) * x
      for (let n = 0; n < stateSize; n++) {
        const at = channel * stateSize + n
        const kept = Math.exp(-step * Math.exp(logA[at] as number)) * (state[at] as number)
        const now = kept + step * x * (b[n] as number)
        state[at] = now
        y += now * (c[n] as number)
      }
      return y * silu(gate[channel] as number)
    })
  }
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

export function silu(x: number): number {
  return x / (1 + Math.exp(-x))
}

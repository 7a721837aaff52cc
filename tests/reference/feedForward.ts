// The feed-forward half of a layer for one token: plain, gated, and gated experts of which a router chooses.
import type { FeedForwardSpec } from '../../shared/compiler/architectures/spec.ts'
import { activate } from './activation.ts'
import { add, product, project, type Tensors, type Vector } from './linear.ts'

type ExpertsSpec = Extract<FeedForwardSpec, { kind: 'experts' }>
type Gating = Pick<Extract<FeedForwardSpec, { kind: 'gated' }>, 'activation' | 'gate'>

export function feedForward(tensors: Tensors, spec: FeedForwardSpec, x: Float32Array): Vector {
  switch (spec.kind) {
    case 'plain': {
      const up = project(tensors, spec.up, x)
      return project(
        tensors,
        spec.down,
        up.map((value) => activate(spec.activation, value)),
      )
    }
    case 'gated':
      return project(tensors, spec.down, gated(project(tensors, spec.gateUp, x), spec))
    case 'experts':
      return experts(tensors, spec, x)
    default:
      return spec satisfies never
  }
}

/** activation(gate) * up of the two halves of gateUp. */
export function gated(gateUp: Float32Array, { activation, gate }: Gating): Vector {
  const size = gateUp.length / 2
  const [gateAt, upAt] = gate === 'first' ? [0, size] : [size, 0]
  return Float32Array.from(
    { length: size },
    (_, at) => activate(activation, gateUp[gateAt + at] as number) * (gateUp[upAt + at] as number),
  )
}

/** The chosen experts' outputs, weighed by the softmax of their scores among themselves; of equal scores the first is better. */
function experts(tensors: Tensors, spec: ExpertsSpec, x: Float32Array): Vector {
  const scores = product(tensors(`${spec.router}.weight`), x)
  const ranked = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  const chosen = ranked.slice(0, spec.chosen)
  const shares = softmax(chosen.map((expert) => scores[expert] as number))
  const matrixOf = (name: string, expert: number) => {
    const all = tensors(`${name}.weight`)
    const length = all.length / spec.count
    return all.subarray(expert * length, (expert + 1) * length)
  }
  return chosen.reduce((sum, expert, rank) => {
    const inner = gated(product(matrixOf(spec.gateUp, expert), x), { ...spec, gate: 'first' })
    return add(sum, product(matrixOf(spec.down, expert), inner), shares[rank] as number)
  }, new Float32Array(x.length))
}

export function softmax(scores: readonly number[]): readonly number[] {
  const greatest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  const weights = scores.map((score) => Math.exp(score - greatest))
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / total)
}

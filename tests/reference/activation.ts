// Activations in float64, from their definitions.
import type { Activation } from '../../shared/compiler/architectures/spec.ts'

export function activate(activation: Activation, x: number): number {
  switch (activation) {
    case 'silu':
      return x / (1 + Math.exp(-x))
    case 'relu':
      return Math.max(0, x)
    case 'gelu':
      return (x / 2) * (1 + erf(x / Math.SQRT2))
    case 'geluTanh':
      return (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
    default:
      return activation satisfies never
  }
}

/**
 * The error function by a series whose terms all have one sign (Abramowitz and Stegun 7.1.6), good to about 1e-15; beyond 6 it is 1 in float64:
 * 2 / sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n + 1) / (1 * 3 * ... * (2n + 1))
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = 0
  for (let n = 0; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    sum += term
    term *= (2 * x * x) / (2 * n + 3)
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

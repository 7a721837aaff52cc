// The activations of feed-forward layers as WGSL. None leaves float32 on the way, however large its argument: infinities and NaN are not portable.
import type { Activation } from '../architectures/spec.ts'

/** WGSL `fn activate(x : f32) -> f32`. */
export function activationFunction(activation: Activation): string {
  switch (activation) {
    case 'relu':
      return 'fn activate(x : f32) -> f32 { return max(x, 0.0); }'
    case 'silu':
      // Below -88 exp(-x) overflows; silu(-87) is -1e-36.
      return `
fn activate(x : f32) -> f32 {
  let bounded = max(x, -87.0);
  return bounded / (1.0 + exp(-bounded));
}`.trim()
    case 'geluTanh':
      // (1 + tanh(u)) / 2 = 1 / (1 + exp(-2 u)): no cancellation where u is far below zero. 1.595769... is 2 sqrt(2 / pi).
      return `
fn activate(x : f32) -> f32 {
  let near = clamp(x, -12.0, 12.0);
  let twice = 1.5957691216057308 * (near + 0.044715 * near * near * near);
  return max(x, -12.0) / (1.0 + exp(-max(twice, -87.0)));
}`.trim()
    case 'gelu':
      // erfc(z) = t (a1 + t (a2 + t (a3 + t (a4 + t a5)))) exp(-z^2), t = 1 / (1 + p z), z >= 0, is off by at most 1.5e-7: Hastings, in Abramowitz
      // and Stegun, Handbook of Mathematical Functions (1964), 7.1.26. exp(-13^2) is zero in float32.
      return `
fn activate(x : f32) -> f32 {
  let z = min(abs(x) * 0.7071067811865476, 13.0);
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let sum = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
  let half_erfc = 0.5 * t * sum * exp(-z * z);
  return x * select(half_erfc, 1.0 - half_erfc, x > 0.0);
}`.trim()
    default:
      return activation satisfies never
  }
}

/** The activation in a line of mathematics. */
export function activationName(activation: Activation): string {
  return activation === 'geluTanh' ? 'gelu_tanh' : activation
}

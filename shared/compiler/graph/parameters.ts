// Names, shapes and dtypes of the stored parameters of a model, per weight format: MLC's layout, so that weights published in MLC format fit.
// Follows mlc-llm 79d603f, python/mlc_llm/quantization/group_quantization.py.
import type { Parameter, WeightRule } from '../architectures/spec.ts'
import { floatType, isQuantized, type WeightFormat } from '../kernels/target.ts'

export const groupSize = 32

/** The stored parameters of one rule: [weight], or [q_weight, q_scale] for a quantized matrix. */
export function parametersOf(rule: WeightRule, format: WeightFormat): readonly Parameter[] {
  if (rule.kind !== 'matrix' || !isQuantized(format))
    return [{ name: rule.name, shape: rule.shape, dtype: rule.kind === 'float32' ? 'float32' : floatType(format) }]
  const rows = rule.shape.slice(0, -1)
  const columns = rule.shape.at(-1) ?? 0
  const groups = Math.ceil(columns / groupSize)
  const stem = rule.name.replace(/\.weight$/, '')
  return [
    { name: `${stem}.q_weight`, shape: [...rows, groups * 4], dtype: 'uint32' },
    { name: `${stem}.q_scale`, shape: [...rows, groups], dtype: floatType(format) },
  ]
}

export function parametersOfModel(rules: readonly WeightRule[], format: WeightFormat): readonly Parameter[] {
  return rules.flatMap((rule) => parametersOf(rule, format))
}

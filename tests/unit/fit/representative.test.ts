// Needs are computed from each kind of layer once; the whole plan must say the same.
import { expect, test } from 'vitest'
import { configOf, variants } from '../../../shared/catalog/catalog.ts'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { chooseContext } from '../../../shared/compiler/contextChoice.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { type PlanSizes, sizesOf } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { weightsReadPerToken } from '../../../shared/compiler/graph/traffic.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { needsOfConfig } from '../../../shared/fit/needs.ts'

const format = 'q4f16_1'
const configs = [...new Map(variants.map((variant) => [configOf(variant), variant.id])).entries()].filter(
  ([config]) => config !== null,
)

test('the needs of every model of the catalogue are those of its whole plan', () => {
  expect(configs.length).toBeGreaterThan(50)
  for (const [index, [config, id]] of configs.entries()) {
    const target = libraryTargets[index % libraryTargets.length] ?? 'half'
    const architecture = requireArchitecture(config)
    const spec = architecture.spec(config)
    const rules = architecture.weights(spec)
    const plan = decoderPlan({ spec, rules, format, target, ...chooseContext(spec) })
    const whole = sizesOf(plan, parametersOfModel(rules, format))
    const needs = needsOfConfig(config, { format, target })
    const { weightsBytes, constantsBytes } = needs
    expect({ id, weightsBytes, constantsBytes, slots: byName(needs.slots) }).toEqual({
      id,
      ...whole,
      slots: byName(whole.slots),
    })
    expect(needs.weightsBytesPerToken).toBeCloseTo(weightsReadPerToken(plan, spec, rules, format), 0)
  }
})

function byName(slots: PlanSizes['slots']): PlanSizes['slots'] {
  return [...slots].sort((a, b) => (a.name < b.name ? -1 : 1))
}

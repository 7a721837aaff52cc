// What the reference checkpoints leave out: other head counts, switches, activations and scales, against logits that the published implementations
// computed.
import { expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { createForward } from '../../reference/forward.ts'
import { gatherWeight } from '../../support/gatherWeight.ts'
import { checkpointOf, readVariants } from '../../support/variants.ts'

/** Of the largest logit, which is 4 to 50 in these. */
const relativeTolerance = 1e-5

test.for([...(await readVariants())])('$name', (variant) => {
  const { config, input_ids, fed_ids, logits } = variant
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const stored = checkpointOf(variant)
  const rules = architecture.weights(spec)
  const used = rules.flatMap(({ sources }) => sources.flatMap(({ tensor, aliases = [] }) => [tensor, ...aliases]))
  expect([...stored.keys()].filter((name) => !used.includes(name))).toEqual([])
  const tensors = new Map(rules.map((rule) => [rule.name, gatherWeight(rule, stored)]))
  const forward = createForward(spec, (name) => tensors.get(name) ?? new Float32Array())
  const computed = [forward.feed(input_ids).at(-1), ...forward.feed(fed_ids)]
  const largest = Math.max(1, ...logits.flat().map(Math.abs))
  for (const [step, row] of logits.entries())
    for (const [id, logit] of row.entries())
      expect(Math.abs((computed[step]?.[id] ?? Number.NaN) - logit) / largest).toBeLessThan(relativeTolerance)
})

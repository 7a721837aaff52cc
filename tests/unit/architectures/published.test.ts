// The published checkpoints of 2023: each one's config.json resolves, and has as many weights as are published.
import { expect, test } from 'vitest'
import { architectureFor, requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { countWeights } from '../../../shared/compiler/weights.ts'
import { publishedCheckpoints, publishedConfig } from '../../support/publishedConfigs.ts'

const published = [...(await publishedCheckpoints('families.json')), ...(await publishedCheckpoints('others.json'))]
const known = published.filter((checkpoint) => architectureFor(publishedConfig(checkpoint)) !== undefined)

test('all of them have an architecture', () => {
  expect(published.filter((checkpoint) => !known.includes(checkpoint))).toEqual([])
})

test.for(known)('$repository', (checkpoint) => {
  const { weights, config: numbers } = checkpoint
  const config = publishedConfig(checkpoint)
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  expect(spec.hiddenSize).toBe(numbers.hidden_size)
  expect(spec.vocabularySize).toBe(numbers.vocab_size)
  expect(spec.layers.length).toBe(numbers.num_layers)
  expect(spec.slidingWindowTokens).toBe(numbers.sliding_window ?? null)
  expect(spec.contextTokens).toBe(numbers.context_length)
  if (weights !== null) expect(countWeights(architecture.weights(spec))).toBe(weights)
  for (const [index, { mixer }] of spec.layers.entries()) {
    if (mixer.kind !== 'attention') continue
    expect(mixer.heads).toBe(numbers.num_heads)
    expect(mixer.kvHeads).toBe(Array.isArray(numbers.num_kv_heads) ? numbers.num_kv_heads[index] : numbers.num_kv_heads)
  }
})

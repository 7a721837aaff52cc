// Every model of web-llm's list: whether its weights run by our own library, by name alone and by its configuration, with the reason where they do not.
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readyModels, variants } from '../../../shared/catalog/catalog.ts'
import { readyWeightsProblem } from '../../../shared/catalog/readyProblem.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { publishedModel } from '../../../shared/compiler/ready/publishedConfig.ts'
import { readyProblem } from '../../../shared/compiler/ready/readyProblem.ts'
import { publishedChatConfig, publishedConfigs } from '../../support/publishedModel.ts'

type Listed = readonly [id: string, repository: string, format: string, architecture: string, config: string | null]
interface Published {
  readonly models: readonly Listed[]
  readonly configs: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}
const { models, configs } = JSON.parse(
  await readFile(new URL('../../fixtures/ready/published.json', import.meta.url), 'utf8'),
) as Published

function chatConfigOf([, , quantization, model_type, config]: Listed) {
  return { model_type, quantization, model_config: config === null ? {} : configs[config] }
}

const expected: Readonly<Record<string, readonly [runs: number, not: number]>> = {
  llama: [45, 2],
  mistral: [7, 0],
  gpt_neox: [4, 0],
  stablelm: [4, 0],
  'phi-msft': [8, 0],
  qwen2: [0, 35],
  qwen3: [0, 10],
  qwen3_5: [0, 9],
  gemma: [0, 4],
  gemma2: [0, 8],
  gemma3_text: [0, 1],
  gemma4: [0, 2],
  olmo2: [0, 4],
  ministral3: [0, 6],
  phi3: [0, 10],
  phi3_v: [0, 2],
  bert: [0, 4],
}

test("of web-llm's list these run here, by architecture", () => {
  const counted: Record<string, readonly [number, number]> = {}
  for (const model of models) {
    const [, , , architecture] = model
    const [runs, not] = counted[architecture] ?? [0, 0]
    counted[architecture] = readyProblem(chatConfigOf(model)) === null ? [runs + 1, not] : [runs, not + 1]
  }
  expect(counted).toEqual(expected)
  expect(models).toHaveLength(165)
  const running = Object.values(counted).reduce((sum, [runs]) => sum + runs, 0)
  expect(running).toBe(68)
})

test('what the name says is what the configuration says', () => {
  for (const model of models) {
    const byName = readyWeightsProblem({ repository: model[1] })
    const byConfiguration = readyProblem(chatConfigOf(model))
    expect(byName === null, `${model[1]}: ${byName} / ${byConfiguration}`).toBe(byConfiguration === null)
  }
})

test('the reason names the architecture or the format', () => {
  const problem = (id: string) => {
    const model = models.find((one) => one[0] === id)
    if (model === undefined) throw new Error(id)
    return [readyWeightsProblem({ repository: model[1] }), readyProblem(chatConfigOf(model))]
  }
  expect(problem('Qwen3-0.6B-q4f16_1-MLC')).toEqual([
    'Its architecture is Qwen 3, which is not among those that run here.',
    expect.stringMatching(/^model_type: "qwen3" is no architecture that runs here \(llama, mistral, /),
  ])
  expect(problem('Llama-3-70B-Instruct-q3f16_1-MLC')).toEqual([
    'Its weights are in q3f16_1; those in q4f16_1, q4f32_1, q0f32 and q0f16 run here.',
    'quantization: "q3f16_1", expected one of q4f16_1, q4f32_1, q0f32, q0f16',
  ])
})

test.each(Object.keys(configs))('%s has a plan on every kind of adapter', (name) => {
  const model = models.find((one) => one[4] === name && !one[2].startsWith('q3'))
  // Llama 3 of 70B is published in q3f16_1 alone.
  if (model === undefined) return expect(name).toMatch(/70b/)
  const { spec, rules, format } = publishedModel(chatConfigOf(model))
  for (const target of ['portable', 'half', 'software'] as const)
    expect(decoderPlan({ spec, rules, format, target, chunkTokens: 512, contextTokens: 4096 }).programs).not.toEqual([])
})

test('every ready-made repository of the catalogue is one of the list', () => {
  const listed = new Set(models.map(([, repository]) => repository))
  const offered = [...variants.flatMap(({ ready }) => ready), ...readyModels.flatMap(({ weights }) => weights)]
  expect(offered.map(({ repository }) => repository).filter((repository) => !listed.has(repository))).toEqual([])
  expect(offered.filter((weights) => readyWeightsProblem(weights) === null).length).toBeGreaterThan(20)
})

test('a configuration whose window slides keeps it, and the base of its rotation', () => {
  const model = models.find(([id]) => id === 'OpenHermes-2.5-Mistral-7B-q4f16_1-MLC')
  if (model === undefined) throw new Error('not listed')
  const { spec } = publishedModel(chatConfigOf(model))
  expect(spec).toMatchObject({ slidingWindowTokens: 4096, contextTokens: 32_768 })
  expect(spec.layers[0]?.mixer).toMatchObject({ rope: { theta: 10_000 }, kvHeads: 8 })
  const later = models.find(([id]) => id === 'Mistral-7B-Instruct-v0.3-q4f16_1-MLC')
  if (later === undefined) throw new Error('not listed')
  const { spec: full } = publishedModel(chatConfigOf(later))
  expect(full).toMatchObject({ slidingWindowTokens: null, contextTokens: 32_768 })
  expect(full.layers[0]?.mixer).toMatchObject({ rope: { theta: 1_000_000 } })
})

test('what is lost on the way is not guessed: GPT-2 is refused with the reason, Qwen keeps to the context that needs no stretching', () => {
  const gpt2 = { model_type: 'gpt2', quantization: 'q4f16_1', model_config: { vocab_size: 50_257, n_embd: 768 } }
  expect(readyProblem(gpt2)).toBe(
    'model_type: "gpt2": mlc-llm keeps its learned positions in 4 bits and its embedding twice: the original can be compiled here',
  )
  const { spec } = publishedModel({
    ...publishedChatConfig('qwen', 'q4f16_1'),
    model_config: { ...publishedConfigs.qwen, context_window_size: 32_768 },
  })
  expect(spec.contextTokens).toBe(8192)
})

import { expect, test } from 'vitest'
import { datasets, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { datasetNode, lineageAround, lineageOf, variantNode } from '../../../shared/catalog/lineage.ts'
import { decodeName } from '../../../shared/catalog/nameDecoder.ts'

test('nothing is made from itself, however far around', () => {
  const { nodes, edges } = lineageOf(variants, datasets)
  // Kahn 1962: what is left when nodes without a source are taken away, again and again, lies on a cycle.
  let left = new Set(nodes.map(({ id }) => id))
  for (let before = 0; before !== left.size; ) {
    before = left.size
    const present = left
    left = new Set([...left].filter((id) => edges.some(({ from, to }) => to === id && present.has(from))))
  }
  expect([...left]).toEqual([])
})

test('the way from Mistral to Starling leads over OpenChat, and data sets are a layer of their own', () => {
  const starling = variantNode('starling-lm-7b-alpha')
  const models = lineageAround(lineageOf(variants), starling)
  expect(models.edges.map(({ from, to, relation }) => [from, relation, to])).toEqual([
    ['variant:mistral-7b-v0.1', 'fine-tune', 'variant:openchat_3.5'],
    ['variant:openchat_3.5', 'preference-tune', starling],
  ])
  const whole = lineageAround(lineageOf(variants, datasets), starling)
  const ids = whole.nodes.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining([datasetNode('nectar'), datasetNode('open-orca'), datasetNode('flan')]))
  expect(whole.edges).toContainEqual({
    from: datasetNode('nectar'),
    to: starling,
    relation: 'compared-by',
    isConfirmed: true,
  })
})

test('an unconfirmed parent is drawn as that, and a parent that is not there is an error', () => {
  const { edges } = lineageOf(variants)
  const buddy = edges.filter(({ to }) => to === variantNode('openbuddy-zephyr-7b-v14.1'))
  expect(buddy.map(({ isConfirmed }) => isConfirmed)).toEqual([false])
  const lost = variantNamed('vicuna-7b-v1.5')
  expect(() => lineageOf(lost ? [lost] : [])).toThrow('leads out of the graph')
})

test('a merge has several parents', () => {
  const [one, other] = [variantNamed('zephyr-7b-beta'), variantNamed('openchat_3.5')]
  if (one === undefined || other === undefined) throw new Error('the catalogue lost its models')
  const parents = [one, other].map(({ id }) => ({ variant: id, relation: 'merge' as const }))
  const merged = { ...one, id: 'merged', parents }
  const { edges } = lineageAround(lineageOf([...variants, merged]), variantNode('merged'))
  expect(edges.filter(({ relation }) => relation === 'merge').map(({ from }) => from)).toEqual([
    'variant:zephyr-7b-beta',
    'variant:openchat_3.5',
  ])
})

test.for([
  ['llama2-zephyr-orca-ultra', ['llama2 family', 'zephyr model', 'orca data', 'ultra data'], 1],
  ['Nous-Hermes-Llama2-13b', ['Nous maker', 'Hermes model', 'Llama2 family', '13b size'], 0],
  ['mosaicml/mpt-7b-8k-chat', ['mpt family', '7b size', '8k context', 'chat variant'], 0],
  [
    'OpenHermes-2.5-Mistral-7B-q4f16_1-MLC',
    ['OpenHermes model', '2.5 version', 'Mistral family', '7B size', 'q4f16_1 quantization', 'MLC form'],
    0,
  ],
  ['vicuna-llama-2-7b', ['vicuna data', 'llama-2 family', '7b size'], 0],
  ['bloom-1b7-gobbledygook', ['bloom family', '1b7 size', 'gobbledygook unknown'], 0],
] as const)('%s is read word by word', ([name, expected, cautions]) => {
  const read = decodeName(name)
  expect(read.words.map(({ text, category }) => `${text} ${category}`)).toEqual(expected)
  expect(read.cautions).toHaveLength(cautions)
})

test('a merge of models of different shapes is called impossible', () => {
  expect(decodeName('llama2-zephyr-orca-ultra').cautions).toEqual([['LLaMA-2', 'Zephyr 7B']])
  expect(decodeName('zephyr-openchat-merge').cautions).toEqual([])
  expect(decodeName('').words).toEqual([])
})

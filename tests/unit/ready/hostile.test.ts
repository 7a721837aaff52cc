// Changed tables of contents and configurations: each is refused by one CompileError, or describes spans that lie inside their shards, apart, and as long as
// their shapes say. HEARTH_SEED repeats a run.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chatConfigFile } from '../../../shared/compiler/chatConfig.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { readConversation } from '../../../shared/compiler/ready/conversation.ts'
import { matchTensors } from '../../../shared/compiler/ready/matchTensors.ts'
import { publishedModel } from '../../../shared/compiler/ready/publishedConfig.ts'
import { readTensorCache } from '../../../shared/compiler/ready/tensorCache.ts'
import { CompileError } from '../../../shared/errors.ts'
import { promptTemplate } from '../../../shared/model.ts'
import { publishedChatConfig, publishedConfigs, tinyPublishedModel } from '../../support/publishedModel.ts'

const seed = Number(process.env.HEARTH_SEED ?? 20_233)
const file = 'tensor-cache.json'

const { files, spec } = await tinyPublishedModel('gpt_neox', 'q4f16_1', 5)
const cache: unknown = JSON.parse(new TextDecoder().decode(files['ndarray-cache.json']))
const { rules } = publishedModel(publishedChatConfig('gpt_neox', 'q4f16_1'))
const parameters = parametersOfModel(rules, 'q4f16_1')

/** Values that break things: other types, sizes at the edges of what numbers hold, names of what every object has. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, Number.NaN, null, true, false, '', [], {}),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '../../x',
    'params_shard_0.bin',
    'uint32',
    'float16',
    'raw',
    'f32-to-bf16',
  ),
  fc.integer({ min: 0, max: 4096 }),
  fc.array(fc.integer({ min: 0, max: 128 }), { maxLength: 10 }),
  fc.jsonValue({ maxDepth: 3 }),
)

interface Change {
  /** Which of all places of the document. */
  readonly place: number
  readonly how: 'replace' | 'remove' | 'double'
  readonly value: unknown
}
const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ place: fc.nat(), how: fc.constantFrom('replace', 'replace', 'remove', 'double'), value: strange }),
  { minLength: 1, maxLength: 3 },
)

/** A copy with the changes made, each at one of all keys and items. */
function changed(document: unknown, list: readonly Change[]): unknown {
  const copy: unknown = structuredClone(document)
  for (const { place, how, value } of list) {
    const places: (readonly [holder: object, key: string | number])[] = []
    const walk = (one: unknown) => {
      if (typeof one !== 'object' || one === null) return
      for (const key of Array.isArray(one) ? one.keys() : Object.keys(one)) {
        places.push([one, key])
        walk((one as Record<string | number, unknown>)[key])
      }
    }
    walk(copy)
    const found = places[place % Math.max(1, places.length)]
    if (found === undefined) continue
    const [holder, key] = found as readonly [Record<string | number, unknown>, string | number]
    if (how === 'replace') holder[key] = value
    else if (Array.isArray(holder))
      holder.splice(Number(key), how === 'remove' ? 1 : 0, ...(how === 'double' ? [holder[Number(key)]] : []))
    else if (how === 'remove') delete holder[key]
  }
  return copy
}

/** null where it was refused as it should be. */
function accepted<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message.length).toBeLessThan(500)
    return null
  }
}

test('a changed table of contents is refused by name, or every span of it is sound', () => {
  let sound = 0
  fc.assert(
    fc.property(changes, (list) => {
      const shards = accepted(() => readTensorCache(changed(cache, list), file))
      if (shards === null) return
      sound++
      for (const { sizeBytes, tensors } of shards) {
        let reached = 0
        for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes)) {
          expect(tensor.offset).toBeGreaterThanOrEqual(reached)
          reached = tensor.offset + tensor.sizeBytes
          const width = tensor.dtype === 'float16' || tensor.format === 'f32-to-bf16' ? 2 : 4
          expect(tensor.shape.reduce((product, size) => product * size, width)).toBe(tensor.sizeBytes)
        }
        expect(reached).toBeLessThanOrEqual(sizeBytes)
      }
      const matched = accepted(() => matchTensors(shards, parameters, file))
      if (matched === null) return
      const used = [...matched.shards.flatMap((shard) => shard.tensors), ...matched.converted.map((one) => one.tensor)]
      expect(used.map(({ name }) => name).sort()).toEqual(parameters.map(({ name }) => name).sort())
    }),
    { seed, numRuns: 6000 },
  )
  // Changes that mean nothing (metadata, checksums) are among them.
  expect(sound).toBeGreaterThan(100)
})

const tensor = { name: 'a', shape: [2, 3], dtype: 'float16', format: 'raw', nbytes: 12, byteOffset: 0 }
const shard = { dataPath: 'params_shard_0.bin', format: 'raw-shard', nbytes: 24, records: [tensor] }
test.each<[string, readonly object[], string]>([
  [
    'a name that leads elsewhere',
    [{ ...shard, dataPath: '../params_shard_0.bin' }],
    'records[0].dataPath: "../params_sh',
  ],
  ['a shard twice', [shard, shard], 'records[1].dataPath: params_shard_0.bin stands twice'],
  ['a tensor twice', [shard, { ...shard, dataPath: 'params_shard_1.bin' }], 'tensor "a": stands twice'],
  ['an overlap', [{ ...shard, records: [tensor, { ...tensor, name: 'b', byteOffset: 8 }] }], 'overlaps tensor "a"'],
  [
    'bytes behind the end',
    [{ ...shard, records: [{ ...tensor, byteOffset: 16 }] }],
    'ends at byte 28 of a shard of 24',
  ],
  [
    'too few bytes',
    [{ ...shard, records: [{ ...tensor, nbytes: 11 }] }],
    '11 bytes, but shape [2,3] in float16 takes 12',
  ],
  [
    'a shape beyond numbers',
    [{ ...shard, records: [{ ...tensor, shape: [2 ** 40, 2 ** 40] }] }],
    'takes 241785163922925',
  ],
  ['another type', [{ ...shard, records: [{ ...tensor, dtype: 'bfloat16' }] }], 'dtype: "bfloat16", expected uint32'],
  ['another form', [{ ...shard, format: 'compressed' }], 'format: "compressed", expected "raw-shard"'],
])('%s is refused', (_, records, message) => {
  expect(() => readTensorCache({ records }, file)).toThrow(message)
})

test.each<[string, object, string]>([
  ['a missing tensor', { remove: 'embed_out.q_scale' }, 'tensor "embed_out.q_scale": missing, expected shape [91,2]'],
  ['an unknown tensor', { rename: 'embed_out.q_scale' }, 'is unknown to this architecture'],
])('%s is named', (_, change, message) => {
  const { remove, rename } = change as { readonly remove?: string; readonly rename?: string }
  const shards = readTensorCache(cache, file).map((one) => ({
    ...one,
    tensors: one.tensors
      .filter(({ name }) => name !== remove)
      .map((record) => (record.name === rename ? { ...record, name: 'other' } : record)),
  }))
  expect(() => matchTensors(shards, parameters, file)).toThrow(message)
})

test('a changed configuration is refused by name, or is one of a model that can be planned', () => {
  let sound = 0
  const published = Object.keys(publishedConfigs).map((type) => publishedChatConfig(type, 'q4f16_1'))
  fc.assert(
    fc.property(fc.constantFrom(...published), changes, (config, list) => {
      const model = accepted(() => publishedModel(changed(config, list)))
      if (model === null) return
      sound++
      expect(model.spec.vocabularySize).toBeGreaterThan(0)
      for (const { shape } of model.rules) for (const size of shape) expect(Number.isSafeInteger(size)).toBe(true)
    }),
    { seed, numRuns: 5000 },
  )
  expect(sound).toBeGreaterThan(100)
})

test('a refused field is named where it stands: in model_config', () => {
  const config = publishedChatConfig('llama', 'q4f16_1')
  const wrong = { ...config, model_config: { ...(config.model_config as object), hidden_size: 'x' } }
  expect(() => publishedModel(wrong)).toThrow(`${chatConfigFile}: model_config.hidden_size: `)
  expect(() => publishedModel({ ...config, model_task: 'embedding' })).toThrow(
    'model_task: it turns texts into vectors',
  )
})

test('a changed conversation is none, or a prompt template that the manifest takes', () => {
  const conversation = {
    name: 'llama-3',
    system_template: '<|start_header_id|>system<|end_header_id|>\n\n{system_message}<|eot_id|>',
    system_message: 'You are helpful.',
    roles: { user: '<|start_header_id|>user', assistant: '<|start_header_id|>assistant', tool: 'x' },
    role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
    seps: ['<|eot_id|>'],
    role_content_sep: '<|end_header_id|>\n\n',
    role_empty_sep: '<|end_header_id|>\n\n',
    stop_str: [],
    stop_token_ids: [7, 9],
    system_prefix_token_ids: [1],
    add_role_after_system_message: true,
  }
  let sound = 0
  fc.assert(
    fc.property(changes, (list) => {
      const read = readConversation(changed(conversation, list), spec.vocabularySize, 1)
      if (read === null) return
      sound++
      promptTemplate.parse(read.prompt)
      for (const id of read.stopTokenIds) expect(id).toBeLessThan(spec.vocabularySize)
    }),
    { seed, numRuns: 4000 },
  )
  expect(sound).toBeGreaterThan(100)
})

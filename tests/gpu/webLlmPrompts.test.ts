// What a prompt may ask, through unmodified web-llm with the bundled models: replies that were cut are continued, records run again, and what is inspected
// is what is fed.
import { afterAll, expect, test } from 'vitest'
import type { Prompt } from '../../renderer/inference/protocol.ts'
import type { Variant } from '../../shared/model.ts'
import type { Turn } from '../../shared/prompts/renderTurns.ts'
import { type BundledModel, loadBundled } from '../support/bundledModel.ts'

const models = new Map<Variant, BundledModel>()
afterAll(async () => {
  for (const model of models.values()) await model.unload()
})

async function bundled(variant: Variant): Promise<BundledModel> {
  const model = models.get(variant) ?? (await loadBundled(variant))
  models.set(variant, model)
  return model
}

const question: Turn = { role: 'user', text: 'Tell me a story about a girl named Lily and a cat.' }
const prompts: Readonly<Record<Variant, Prompt>> = {
  base: { kind: 'completion', text: 'Once upon a time' },
  instruct: { kind: 'turns', turns: [{ role: 'user', text: 'Tell a story about a dog named Tim.' }] },
  chat: { kind: 'turns', turns: [question] },
}
const variants = Object.keys(prompts) as Variant[]

/** The same prompt with what was written so far. */
function longer(prompt: Prompt, written: string): Prompt {
  if (prompt.kind === 'completion') return { ...prompt, text: prompt.text + written }
  if (prompt.kind === 'turns') return { ...prompt, replySoFar: written }
  throw new Error('a record is not continued')
}

test.for(variants)('%s: a reply that was cut and continued is the one that was not', async (variant) => {
  const model = await bundled(variant)
  const whole = await model.write(prompts[variant], { maxTokens: 40 })
  const cut = await model.write(prompts[variant], { maxTokens: 20 })
  expect(cut.finish).toBe('length')
  expect(whole.text.startsWith(cut.text)).toBe(true)
  const rest = await model.write(longer(prompts[variant], cut.text), { maxTokens: 20 })
  expect(cut.text + rest.text).toBe(whole.text)
})

test.for(variants)(
  '%s: a record and its seed give the same text again, whatever was asked meanwhile',
  async (variant) => {
    const model = await bundled(variant)
    const sampling = { temperature: 1, topP: 0.95, seed: 77, maxTokens: 16 }
    const first = await model.write(prompts[variant], sampling)
    await model.write(longer(prompts[variant], ' The sun'), { maxTokens: 4 })
    const again = await model.write({ kind: 'exact', prompt: first.exact }, sampling)
    expect(again).toEqual(first)
    const continued = await model.write(longer(prompts[variant], first.text), sampling)
    expect(await model.write({ kind: 'exact', prompt: continued.exact }, sampling)).toEqual(continued)
  },
)

test('a second turn run again by its record gives the same text', async () => {
  const model = await bundled('chat')
  const sampling = { temperature: 1, topP: 0.95, seed: 5, maxTokens: 24 }
  const first = await model.write(prompts.chat, sampling)
  const turns: readonly Turn[] = [
    question,
    { role: 'assistant', text: first.text },
    { role: 'user', text: 'What is the name of the cat?' },
  ]
  const second = await model.write({ kind: 'turns', turns }, sampling)
  expect(await model.write({ kind: 'exact', prompt: second.exact }, sampling)).toEqual(second)
})

test.for(variants)('%s: the tokens that are inspected are those that are fed', async (variant) => {
  const model = await bundled(variant)
  const fed = watchFed(model, variant)
  const asked = [
    prompts[variant],
    longer(prompts[variant], ' The big </s> dog'),
    ...(prompts[variant].kind === 'turns'
      ? [{ ...prompts[variant], turns: [question, { role: 'assistant', text: 'No.' } as const, question] }]
      : []),
  ]
  for (const prompt of asked) {
    const inspected = model.inspect(prompt, 1)
    fed.length = 0
    const { promptTokens, exact } = await model.write(prompt, { maxTokens: 1 })
    expect(inspected.tokens.map(({ id }) => id)).toEqual(fed)
    expect(promptTokens).toBe(fed.length)
    const { system, history, last } = inspected.parts
    expect(system + history + last).toBe(fed.length)
    expect(model.inspect({ kind: 'exact', prompt: exact }, 1).tokens).toEqual(inspected.tokens)
    expect(inspected.tokens.filter(({ isSpecial }) => isSpecial).map(({ id }) => id)).toEqual([1])
    const text = exact.kind === 'completion' ? exact.text : exact.pieces.map((piece) => ` ${piece.text}`).join('')
    expect(
      inspected.tokens
        .slice(1)
        .map((token) => token.text)
        .join('')
        .trimStart(),
    ).toBe(text.trimStart())
  }
})

/** Ids as web-llm hands them to the library, each run's prompt first. */
function watchFed({ loaded }: BundledModel, variant: Variant): number[] {
  const pipelines: ReadonlyMap<string, object> = Reflect.get(loaded.engine, 'loadedModelIdToPipeline')
  const pipeline = pipelines.get(variant)
  if (pipeline === undefined) throw new Error('no pipeline')
  const forward: (data: readonly (readonly number[])[], length: number) => unknown = Reflect.get(
    pipeline,
    'embedAndForward',
  )
  const fed: number[] = []
  Object.assign(pipeline, {
    embedAndForward(data: readonly (readonly number[])[], length: number) {
      fed.push(...data.flat())
      return forward.call(pipeline, data, length)
    },
  })
  return fed
}

test('a conversation that must not be cut is refused with its size, and nothing of it is sent', async () => {
  const model = await bundled('chat')
  const story: Turn = { role: 'assistant', text: 'The cat sat on the mat. '.repeat(23) }
  const turns = [question, story, question]
  const prompt = { kind: 'turns', turns, whenFull: 'stop' } as const
  const problem = { code: 'context-full', limitTokens: 256 - 64 }
  const failing = model.write(prompt, { maxTokens: 64 })
  await expect(failing).rejects.toMatchObject({ problem })
  await expect(failing).rejects.toSatisfy(({ problem: { promptTokens } }) => promptTokens > 192 && promptTokens < 240)
  expect(() => model.inspect(prompt, 64)).toThrow('context-full')
  const forgets = model.inspect({ ...prompt, whenFull: 'forget' }, 64)
  expect(forgets.omitted).toEqual({ characters: 0, turns: 2 })
  expect(model.inspect(prompt, 16).omitted).toEqual({ characters: 0, turns: 0 })
})

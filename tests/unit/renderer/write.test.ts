// One generation in the worker, on an engine that plays a script: what is streamed, held back, joined and counted.
import { expect, test } from 'vitest'
import type { Prompt, Sampling, WorkerEvent } from '../../../renderer/inference/protocol.ts'
import { promptTemplate } from '../../../shared/prompts/template.ts'
import { orca2 } from '../../../shared/prompts/templates/chatml.ts'
import { falconInstruct } from '../../../shared/prompts/templates/falcon.ts'
import { vicuna } from '../../../shared/prompts/templates/vicuna.ts'
import { playWriting as play } from '../../support/playWriting.ts'

const story: Prompt = { kind: 'completion', text: 'Once upon a time' }
const question: Prompt = { kind: 'turns', turns: [{ role: 'user', text: 'Hi </s>' }] }

test('a continuation gets back the space that decoding drops, and is asked for as one piece', async () => {
  const { deltas, asked, first } = await play({ variant: 'base', words: [' there', ' was', ','], prompt: story })
  expect(deltas).toEqual([' there', ' was', ','])
  expect(first).toMatchObject({ kind: 'prompt', promptTokens: 5, omitted: { characters: 0 } })
  expect(asked).toEqual([
    {
      messages: [{ role: 'user', content: 'Once upon a time' }],
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 32,
      seed: 7,
      stream: true,
      stream_options: { include_usage: true },
    },
  ])
})

test('a continuation that starts with a comma or on an empty page gets no space', async () => {
  const comma = await play({ variant: 'base', words: [',', ' there'], prompt: story })
  expect(comma.deltas).toEqual([',', ' there'])
  const empty = await play({ variant: 'base', words: [' Once', ' upon'], prompt: { kind: 'completion', text: '' } })
  expect(empty.deltas).toEqual(['Once', ' upon'])
})

test('a reply starts without a space, and typed special tokens are harmless', async () => {
  const { deltas, asked } = await play({ variant: 'chat', words: [' Hello', ' you'], prompt: question })
  expect(deltas).toEqual(['Hello', ' you'])
  expect(asked).toMatchObject([
    { messages: [{ content: 'User: Hi < /s>\n' }, { role: 'user', content: 'Assistant:' }] },
  ])
})

test('the beginning of a stop string is never shown when it becomes one', async () => {
  const { deltas, done } = await play({
    variant: 'chat',
    words: ['Yes.', '\n', 'User:'],
    reason: 'stop',
    prompt: question,
  })
  expect(deltas).toEqual(['Yes.'])
  expect(done).toMatchObject({ kind: 'done', finish: 'stop' })
})

test('the beginning of a stop string is shown when it does not become one', async () => {
  const { deltas } = await play({ variant: 'chat', words: ['Yes.', '\n', 'No.', '\n'], prompt: question })
  expect(deltas).toEqual(['Yes.', '\nNo.', '\n'])
})

test('stopping takes effect after the token in flight', async () => {
  const { deltas, done } = await play({ variant: 'base', words: [',', ' a', ' b', ' c'], stopAfter: 2, prompt: story })
  expect(deltas).toEqual([',', ' a'])
  expect(done).toMatchObject({ finish: 'stopped', stats: { completionTokens: 2, decodeTokensPerSecond: 0 } })
})

test('an error that WebGPU reports without throwing fails the run', async () => {
  const failing = play({ variant: 'base', words: [','], gpuError: 'bind group too small', prompt: story })
  await expect(failing).rejects.toMatchObject({ problem: { code: 'write-failed', detail: 'bind group too small' } })
})

test('a run stops at the first error of WebGPU and shows nothing written after it', async () => {
  const events: WorkerEvent[] = []
  const words = [',', ' a', ' b', ' c', ' d']
  const outputIds: number[] = []
  const gpuError = { gpuError: 'lost buffer', gpuErrorAfter: 3 }
  const failing = play({ variant: 'base', words, prompt: story, events, outputIds, ...gpuError })
  await expect(failing).rejects.toMatchObject({ problem: { code: 'write-failed', detail: 'lost buffer' } })
  expect(events.flatMap((event) => (event.kind === 'delta' ? [event.text] : []))).toEqual([',', ' a'])
  expect(outputIds).toHaveLength(3)
})

test('with a seed that is to count, the cache is emptied first; otherwise what web-llm did not read again was remembered', async () => {
  const asked = { variant: 'chat', words: ['Yes.'], prompt: question } as const
  const remembered = await play({ ...asked, readTokens: 1 })
  expect(remembered.done).toMatchObject({ stats: { promptTokens: 6 }, cachedTokens: 5 })
  const all = await play({ ...asked, readTokens: 5 })
  expect(all.done).toMatchObject({ cachedTokens: 0 })
  expect(remembered.resetsBefore).toBe(0)
  const fresh = await play({ ...asked, sampling: { fromEmptyCache: true } })
  expect([fresh.resetsBefore, fresh.done]).toMatchObject([1, { cachedTokens: 0 }])
  const record = await play({ ...asked, prompt: { kind: 'exact', prompt: { kind: 'completion', text: 'Once' } } })
  expect(record.resetsBefore).toBe(1)
})

test('the next turn goes on from the cache only where the cache holds the conversation as it is', async () => {
  const plain = { prependsSpace: false, idOf: () => null }
  const ended = { variant: 'chat', words: ['Yes.', ' Sir.'], reason: 'stop', prompt: question } as const
  const byToken = await play({ ...ended, template: promptTemplate(vicuna, plain) })
  const byText = await play({ ...ended, words: ['Yes.', '\nUser'], template: promptTemplate(falconInstruct, plain) })
  const separate = await play(ended)
  const text = await play({ variant: 'base', words: [' a'], prompt: story })
  expect([byToken, byText, separate, text].map(({ resets }) => resets)).toEqual([0, 1, 1, 0])
})

test('what the model writes between the opened reply and its first word is not shown', async () => {
  const template = promptTemplate(orca2, { prependsSpace: true, idOf: () => null })
  const { deltas } = await play({ variant: 'chat', template, words: ['\nYes.', ' Sir.'], prompt: question })
  expect(deltas.join('')).toBe('Yes. Sir.')
})

test('what is at its usual value is not mentioned to web-llm, the rest is', async () => {
  const usual = { frequencyPenalty: 0, presencePenalty: 0, repetitionPenalty: 1, stopStrings: [], jsonSchema: null }
  const { asked } = await play({
    variant: 'base',
    words: [','],
    prompt: story,
    sampling: { ...usual, alternatives: 0 },
  })
  expect(Object.keys(asked[0] ?? {})).toEqual([
    'messages',
    'temperature',
    'top_p',
    'max_tokens',
    'seed',
    'stream',
    'stream_options',
  ])
  const changed = await play({
    variant: 'base',
    words: [','],
    prompt: story,
    sampling: { presencePenalty: 0.5, repetitionPenalty: 1.1, stopStrings: ['x'], jsonSchema: ' ', alternatives: 3 },
  })
  expect(changed.asked).toMatchObject([
    {
      presence_penalty: 0.5,
      frequency_penalty: 0,
      repetition_penalty: 1.1,
      stop: ['x'],
      response_format: { type: 'json_object', schema: '{}' },
      logprobs: true,
      top_logprobs: 3,
    },
  ])
})

test('a stop string ends the text where it begins first, also where only the shown text has it', async () => {
  const sampling = { stopStrings: [' there'] }
  const first = await play({ variant: 'base', words: [' there', ' was'], prompt: story, sampling })
  expect([first.deltas, first.done]).toMatchObject([[], { finish: 'stop' }])
  const later = await play({ variant: 'base', words: [' a', ' there there', ' b'], prompt: story, sampling })
  expect([later.deltas.join(''), later.done]).toMatchObject([' a', { finish: 'stop' }])
})

test('each token comes with its probability and the likeliest others, one to one with what was drawn', async () => {
  const sampling = { alternatives: 2, stopStrings: ['END'] }
  const outputIds: number[] = []
  const { tokens, deltas } = await play({
    variant: 'base',
    words: [' there', ' was', ' EN', 'D'],
    prompt: story,
    sampling,
    outputIds,
  })
  expect(deltas.join('')).toBe(' there was ')
  expect(tokens.map(({ id }) => id)).toEqual(outputIds)
  expect(tokens.map(({ text }) => text)).toEqual([' there', ' was', ' EN', 'D'])
  const half = { ...tokens[0] }.logProbability
  expect(half).toBeCloseTo(Math.log(0.5), 6)
  expect(tokens[0]?.alternatives.map(({ id, logProbability }) => [id, logProbability])).toEqual([
    [outputIds[0], half],
    [2, Math.log(0.25)],
  ])
})

test('what web-llm throws becomes a problem with a name where there is one', async () => {
  const thrown = async (error: Error, sampling: Partial<Sampling> = {}) =>
    play({ variant: 'base', words: [','], prompt: story, throws: error, sampling }).then(
      () => null,
      (caught: unknown) => caught,
    )
  expect(await thrown(new Error('InternalError: failed to sample a valid token.'))).toMatchObject({
    problem: { code: 'not-a-number' },
  })
  const grammar = Object.assign(new Error('Failed to initialize'), { name: 'GrammarMatcherInitError' })
  expect(await thrown(grammar)).toMatchObject({ problem: { code: 'bad-schema', detail: 'Failed to initialize' } })
  for (const jsonSchema of ['{', '3', '[]', 'null'])
    expect(await thrown(new Error('not reached'), { jsonSchema }), jsonSchema).toMatchObject({
      problem: { code: 'bad-schema' },
    })
  expect(await thrown(new Error('something else'))).toMatchObject({ message: 'something else' })
})

// Properties of every prompt that is sent: what a person typed never becomes special tokens, the parts of an inspection sum to its tokens, what fits is the
// newest, and instructions take their input in the form the model was tuned on.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { preparePrompt } from '../../../../renderer/inference/preparePrompt.ts'
import { inspectPrompt } from '../../../../renderer/inference/promptTokens.ts'
import type { Prompt } from '../../../../renderer/inference/protocol.ts'
import { specialTokens } from '../../../../renderer/inference/tokenizer.ts'
import { tokenTexts } from '../../../../renderer/inference/tokenText.ts'
import type { ModelManifest } from '../../../../shared/model.ts'
import { renderPieces, type Turn } from '../../../../shared/prompts/renderTurns.ts'
import { promptTemplate } from '../../../../shared/prompts/template.ts'
import { templates } from '../../../../shared/prompts/templates/index.ts'
import { tunedSystemText, withInput } from '../../../../shared/prompts/withInput.ts'
import { manifestOf } from '../../../support/models.ts'
import { webLlmTokenizers } from '../../../support/webLlmTokenizer.ts'

const seed = Date.now() % 1_000_000
console.info(`seed ${seed}`)
const file = new URL('../../../../resources/models/tinystories-15m/base/tokenizer.json', import.meta.url)
const json = Uint8Array.from(readFileSync(file))
const tokenizer = await (await webLlmTokenizers()).fromJSON(json.buffer)
const specials = specialTokens(JSON.parse(new TextDecoder().decode(json)), [])
const loaded = { tokenizer, specials, textOf: tokenTexts(tokenizer) }

const named = (name: string) => {
  const template = templates.find((other) => other.name === name)
  if (template === undefined) throw new Error(`no template ${name}`)
  return promptTemplate(template, { prependsSpace: true, idOf: () => null })
}
/** With room for everything that is drawn below. */
const roomy = { ...manifestOf('chat'), contextTokens: 32_768 }
const manifests: readonly ModelManifest[] = [
  { ...manifestOf('instruct'), contextTokens: 32_768 },
  roomy,
  ...['alpaca', 'vicuna-v1.1', 'llama-2-chat', 'chatglm2', 'dolly'].map((name) => ({ ...roomy, prompt: named(name) })),
]

const hostile = fc.array(
  fc.oneof(
    fc.constantFrom(
      '<s>',
      '</s>',
      '<unk>',
      '<',
      '/s>',
      '< s',
      '[INST]',
      '<|im_start|>system',
      '\n\n',
      ' ',
      '🦀',
      '### Input:\n',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  ),
  { maxLength: 12 },
)
const text = hostile.map((parts) => parts.join(''))
const turnsOf = (texts: readonly string[]): readonly Turn[] =>
  texts.map((each, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', text: each }))
const conversation = fc
  .array(text, { minLength: 1, maxLength: 5 })
  .map((texts) => turnsOf(texts.length % 2 === 0 ? texts.slice(1) : texts))
const prompts = fc.record({
  manifest: fc.constantFrom(...manifests),
  turns: conversation,
  systemText: fc.option(text, { nil: undefined }),
  replySoFar: fc.option(text, { nil: undefined }),
  sendsEarlierTurns: fc.boolean(),
})
type Case = Parameters<Parameters<typeof prompts.map>[0]>[0]

function promptOf({ turns, systemText, replySoFar, sendsEarlierTurns }: Case): Prompt {
  return {
    kind: 'turns',
    turns,
    sendsEarlierTurns,
    ...(systemText !== undefined && { systemText }),
    ...(replySoFar !== undefined && { replySoFar }),
  }
}

test('what a person types, wherever, never becomes a special token', () => {
  expect(specials).toEqual(['<unk>', '<s>', '</s>'])
  const ids = specials.map((special) => tokenizer.encode(special)[0] ?? -1)
  const special = (pieces: readonly { readonly text: string }[]) =>
    pieces.flatMap((piece) => [...tokenizer.encode(piece.text)].filter((id) => ids.includes(id))).length
  fc.assert(
    fc.property(prompts, (each) => {
      const sent = preparePrompt(loaded, each.manifest, promptOf(each), 16)
      const harmless = (turn: Turn): Turn => ({ role: turn.role, text: 'x' })
      const around = {
        systemText: each.systemText === undefined ? undefined : each.systemText && 'x',
        replySoFar: each.replySoFar && 'x',
      }
      const kept = each.turns.slice(sent.omitted.turns)
      const turns =
        each.manifest.prompt.kind === 'turns' && each.manifest.prompt.singleTurn && !each.sendsEarlierTurns
          ? each.turns.slice(-1)
          : kept
      // The template's own markers are the only ones.
      expect(special(sent.pieces)).toBe(special(renderPieces(each.manifest.prompt, turns.map(harmless), around).pieces))
    }),
    { seed, numRuns: 100 },
  )
  fc.assert(
    fc.property(text, (each) => {
      const sent = preparePrompt(
        loaded,
        { ...manifestOf('base'), contextTokens: 32_768 },
        { kind: 'completion', text: each },
        16,
      )
      expect(special(sent.pieces)).toBe(0)
    }),
    { seed, numRuns: 100 },
  )
})

test('the parts of an inspection sum to its tokens, and the record of a prompt is inspected as the prompt is', () => {
  fc.assert(
    fc.property(prompts, (each) => {
      const prompt = promptOf(each)
      const sent = preparePrompt(loaded, each.manifest, prompt, 16)
      const inspected = inspectPrompt(loaded, each.manifest, prompt, 16)
      const { system, history, last } = inspected.parts
      expect([system, history, last].every((part) => part >= 0)).toBe(true)
      expect(system + history + last).toBe(inspected.tokens.length)
      expect(inspected.tokens.length).toBe(sent.promptTokens)
      const again = inspectPrompt(loaded, each.manifest, { kind: 'exact', prompt: sent.exact }, 16)
      expect(again.tokens).toEqual(inspected.tokens)
      expect(again.parts.last - (again.parts.history === 0 ? system : 0)).toBe(
        again.parts.history === 0 && history > 0 ? 0 : last,
      )
    }),
    { seed, numRuns: 100 },
  )
})

test('the system text is a part of its own where the template has a place for it, and none elsewhere', () => {
  const prompt: Prompt = {
    kind: 'turns',
    turns: turnsOf(['One?', 'Two.', 'Three?']),
    systemText: 'You answer in one word.',
  }
  const chat = inspectPrompt(loaded, manifestOf('chat'), prompt, 16)
  expect(chat.parts.system).toBe(0)
  expect(chat.parts.history).toBeGreaterThan(0)
  const vicuna = inspectPrompt(loaded, { ...manifestOf('chat'), prompt: named('vicuna-v1.1') }, prompt, 16)
  const written = (from: number, to: number) =>
    vicuna.tokens
      .slice(from, to)
      .map((token) => token.text)
      .join('')
  const { system, history } = vicuna.parts
  expect(written(0, system)).toBe('<s> You answer in one word. USER:')
  expect(written(system, system + history)).toContain('One?')
  expect(written(system + history, vicuna.tokens.length)).toMatch(/Three\? ASSISTANT:$/)
})

test('what must not be cut is sent whole or refused with its size', () => {
  fc.assert(
    fc.property(prompts, (each) => {
      const prompt = promptOf(each)
      if (prompt.kind !== 'turns') return
      const manifest = { ...each.manifest, contextTokens: 90 }
      const forgets = () => preparePrompt(loaded, manifest, prompt, 40)
      const stops = () => preparePrompt(loaded, manifest, { ...prompt, whenFull: 'stop' }, 40)
      const outcome = (work: typeof stops) => {
        try {
          return work().omitted.turns
        } catch (error) {
          return (error as { readonly problem: { readonly code: string } }).problem.code
        }
      }
      const forgotten = outcome(forgets)
      expect(outcome(stops)).toBe(typeof forgotten === 'number' && forgotten > 0 ? 'context-full' : forgotten)
    }),
    { seed, numRuns: 100 },
  )
})

test('an input stands where the model was tuned to find it', () => {
  const alpaca = named('alpaca')
  const rendered = (input: string) => {
    const turn: Turn = { role: 'user', text: withInput(alpaca, 'Classify it.', input) }
    return renderPieces(alpaca, [turn], { systemText: tunedSystemText(alpaca, input !== '') }).pieces[0]?.text
  }
  // tatsu-lab/stanford_alpaca, README: for examples with a non-empty input field.
  expect(rendered('A cat.')).toBe(
    'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nClassify it.\n\n### Input:\nA cat.\n\n### Response:\n',
  )
  expect(rendered('')).toMatch(
    /^Below is an instruction that describes a task\. Write .*\n\n### Instruction:\nClassify it\.\n\n### Response:\n$/,
  )
  expect(withInput(manifestOf('instruct').prompt, 'Classify it.', 'A cat.')).toBe('Classify it.\n\nA cat.')
  expect(withInput(named('vicuna-v1.1'), 'Classify it.', '')).toBe('Classify it.')
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Checkpoint, promptNamed, templateFor } from '../../../shared/prompts/choosePrompt.ts'
import { promptReasonText } from '../../../shared/prompts/promptReason.ts'
import { templates } from '../../../shared/prompts/templates/index.ts'

interface Published {
  readonly repository: string
  readonly kind: 'base' | 'instruct' | 'chat'
  readonly template: string
}

const url = new URL('../../fixtures/prompts/repositories.json', import.meta.url)
const { repositories } = JSON.parse(readFileSync(url, 'utf8')) as { repositories: readonly Published[] }

const unnamed: Checkpoint = { modelType: 'llama', repository: null, chatTemplate: null, specialTokens: [] }
const chatml =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>'}}{% endfor %}"

test('every published model of 2023 gets the kind and the template it was published with', () => {
  for (const { repository, kind, template } of repositories) {
    const choice = templateFor({ ...unnamed, repository })
    // Galactica's is a style of prompt for a base model; BLOOMZ takes the instruction as it stands.
    const expected = kind === 'base' ? undefined : template === 'none' ? 'bare' : template
    expect([repository, choice.variant, choice.template?.name]).toEqual([repository, kind, expected])
  }
})

test('copies under other publishers and the name of a folder alone are recognized', () => {
  const cases = [
    ['TheBloke/vicuna-7B-v1.5-GPTQ', 'vicuna-v1.1'],
    ['zephyr-7b-beta', 'zephyr'],
    ['NousResearch/Llama-2-7b-chat-hf', 'llama-2-chat'],
    ['TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'zephyr'],
    ['TinyLlama/TinyLlama-1.1B-intermediate-step-1431k-3T', undefined],
    ['THUDM/chatglm3-6b-base', undefined],
  ] as const
  for (const [repository, name] of cases)
    expect([repository, templateFor({ ...unnamed, repository }).template?.name]).toEqual([repository, name])
})

test('a base model gets no template even where its repository carries one, and says so', () => {
  const choice = templateFor({ ...unnamed, repository: 'Qwen/Qwen-7B', chatTemplate: chatml })
  expect(choice).toEqual({
    template: null,
    variant: 'base',
    reason: { kind: 'base-model', repository: 'Qwen/Qwen-7B', carriesTemplate: true },
  })
})

test('an unknown name falls back to the kind of chat template it carries, which is searched and never run', () => {
  const kindOf = (chatTemplate: string, modelType = 'llama') =>
    templateFor({ ...unnamed, repository: 'me/my-model', chatTemplate, modelType }).template?.name
  expect(kindOf(chatml)).toBe('chatml')
  expect(kindOf(chatml, 'qwen')).toBe('qwen-chat')
  expect(kindOf("{{ bos_token }}{% if system %}<<SYS>>{% endif %}{{ '[INST] ' + text + ' [/INST]' }}")).toBe(
    'llama-2-chat',
  )
  expect(kindOf("{{ '[INST] ' + message['content'] + ' [/INST]' }}")).toBe('mistral-instruct')
  expect(kindOf("{{ '<|user|>\n' + message['content'] + eos_token }}{{ '<|assistant|>' }}")).toBe('zephyr')
  expect(kindOf("{{ '<|user|>\n' + message['content'] + '<|end|>' }}")).toBe(undefined)
  expect(kindOf("{{ 'USER: ' + message['content'] + ' ASSISTANT:' }}")).toBe('vicuna-v1.1')
  expect(kindOf('{% for i in range(10**9) %}{% endfor %}')).toBe(undefined)
})

test('the chat templates other programs publish are recognized', () => {
  const file = new URL('../../fixtures/prompts/chatTemplates.json', import.meta.url)
  const published = JSON.parse(readFileSync(file, 'utf8')) as { templates: Readonly<Record<string, string>> }
  const found = Object.fromEntries(
    Object.entries(published.templates).map(([name, chatTemplate]) => [
      name,
      templateFor({ ...unnamed, chatTemplate }).template?.name,
    ]),
  )
  expect(found).toEqual({
    alpaca: 'nous-hermes',
    chatml: 'chatml',
    'llama-2-chat': 'llama-2-chat',
    'llama-3-instruct': undefined,
    'mistral-instruct': 'mistral-instruct',
    'openchat-3.5': 'openchat-3.5',
    'phi-3': undefined,
    vicuna: 'vicuna-v1.1',
    zephyr: 'zephyr',
  })
})

test('without name and template it is a base model, with a hint', () => {
  expect(templateFor(unnamed)).toMatchObject({ template: null, reason: { kind: 'nothing', hasMarkers: false } })
  expect(promptReasonText(templateFor(unnamed).reason)).toContain('--prompt')
  const marked = templateFor({ ...unnamed, specialTokens: ['<|im_start|>'] })
  expect(marked).toMatchObject({ template: null, reason: { kind: 'nothing', hasMarkers: true } })
  expect(promptReasonText(marked.reason)).toContain('chatml')
})

test('a template is asked for by its name, none included', () => {
  for (const template of templates) expect(promptNamed(template.name)?.template).toBe(template)
  expect(promptNamed('none')).toMatchObject({ template: null, variant: 'base' })
  expect(promptNamed('nothing')).toBe(undefined)
})

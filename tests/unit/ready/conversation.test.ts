// Conversations of published configurations, rendered: what mlc-llm 79d603f makes of them (python/mlc_llm/protocol/conversation_protocol.py, as_prompt), the
// templates shortened from python/mlc_llm/conversation_template.
import { expect, test } from 'vitest'
import { readConversation } from '../../../shared/compiler/ready/conversation.ts'
import { originalName } from '../../../shared/compiler/ready/publishedName.ts'
import { readyPrompting } from '../../../shared/compiler/ready/readyPrompting.ts'
import { readTokenizer } from '../../../shared/compiler/tokenizer/readTokenizer.ts'
import { renderTurns, type Turn } from '../../../shared/prompts/renderTurns.ts'
import { memorySource } from '../../support/memorySource.ts'
import { smallTokenizer } from '../../support/referenceCheckpoint.ts'

const vocabulary = 200_000
const turns: readonly Turn[] = [
  { role: 'user', text: 'One' },
  { role: 'assistant', text: 'Two' },
  { role: 'user', text: 'Three' },
]

function rendered(template: object, bosTokenId: number | null = null): string {
  const conversation = readConversation(template, vocabulary, bosTokenId)
  if (conversation === null) throw new Error('no conversation')
  return renderTurns(conversation.prompt, turns).join('')
}

const llama3 = {
  name: 'llama-3',
  system_template: '<|start_header_id|>system<|end_header_id|>\n\n{system_message}<|eot_id|>',
  system_message: 'Be kind.',
  roles: { user: '<|start_header_id|>user', assistant: '<|start_header_id|>assistant', tool: 'x' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
  seps: ['<|eot_id|>'],
  role_content_sep: '<|end_header_id|>\n\n',
  role_empty_sep: '<|end_header_id|>\n\n',
  stop_str: [],
  stop_token_ids: [128_001, 128_009],
  system_prefix_token_ids: [128_000],
  add_role_after_system_message: true,
}

test('Llama 3: headers around every turn, the system text first', () => {
  const header = (role: string) => `<|start_header_id|>${role}<|end_header_id|>\n\n`
  expect(rendered(llama3)).toBe(
    `${header('system')}Be kind.<|eot_id|>${header('user')}One<|eot_id|>${header('assistant')}Two<|eot_id|>` +
      `${header('user')}Three<|eot_id|>${header('assistant')}`,
  )
  const conversation = readConversation(llama3, vocabulary, null)
  expect(conversation?.stopTokenIds).toEqual([128_001, 128_009])
  expect(conversation?.prompt.dialogue?.leadTokenIds).toEqual([128_000])
  expect(readConversation(llama3, vocabulary, 128_000)?.prompt.dialogue?.leadTokenIds).toEqual([])
})

test('Mistral: the system text stands inside the first turn, whose role is then not repeated', () => {
  const mistral = {
    name: 'mistral_default',
    system_template: '[INST] {system_message}',
    system_message: 'Be kind. ',
    roles: { user: '[INST]', assistant: '[/INST]' },
    seps: [' '],
    role_content_sep: ' ',
    role_empty_sep: '',
    stop_token_ids: [2],
    add_role_after_system_message: false,
  }
  expect(rendered(mistral)).toBe('[INST] Be kind. One [/INST] Two [INST] Three [/INST]')
  expect(rendered({ ...mistral, system_message: '' })).toBe('[INST] One [/INST] Two [INST] Three [/INST]')
})

test('RedPajama: the space behind the role is written by the model', () => {
  const redPajama = {
    name: 'redpajama_chat',
    roles: { user: '<human>', assistant: '<bot>' },
    seps: ['\n'],
    role_content_sep: ': ',
    role_empty_sep: ':',
    stop_str: ['<human>'],
    stop_token_ids: [0],
  }
  expect(rendered(redPajama)).toBe('<human>: One\n<bot>: Two\n<human>: Three\n<bot>:')
  expect(readConversation(redPajama, vocabulary, null)?.prompt.stopStrings).toEqual(['<human>'])
})

test.each<[string, object]>([
  ['user text is wrapped by a template', { ...llama3, role_templates: { user: 'Q: {user_message}' } }],
  ['gaps that contradict each other', { ...llama3, role_content_sep: ' ', role_empty_sep: ':' }],
  ['a system text that nothing places', { ...llama3, system_template: 'x', add_role_after_system_message: false }],
  ['no separator', { ...llama3, seps: [] }],
  ['no roles', { ...llama3, roles: null }],
  ['texts that are none', { ...llama3, system_message: 7 }],
])('%s: nothing is made of it', (_, template) => {
  expect(readConversation(template, vocabulary, null)).toBeNull()
})

test.each([
  ['mlc-ai/Llama-2-7b-chat-hf-q4f16_1-MLC', 'Llama-2-7b-chat-hf'],
  ['mlc-ai/phi-2-q4f32_1-MLC', 'phi-2'],
  ['Qwen2.5-0.5B-Instruct-q0f16-MLC', 'Qwen2.5-0.5B-Instruct'],
  ['mlc-ai/mlc-chat-vicuna-v1-7b-q4f16_1', 'vicuna-v1-7b'],
  ['lmsys/vicuna-7b-v1.5', 'vicuna-7b-v1.5'],
])('%s is made from %s', (repository, original) => {
  expect(originalName(repository)).toBe(original)
})

const source = memorySource({ 'tokenizer.json': JSON.stringify(smallTokenizer()) })
const { signal } = new AbortController()
async function chosen(repository: string | null, template: unknown) {
  const tokenizer = await readTokenizer(source, 256, signal)
  const spec = { modelType: 'llama', bosTokenId: 1, vocabularySize: 256 }
  const published = { conv_template: template }
  const { choice, prompt, variant } = await readyPrompting(
    source,
    { published, spec, tokenizer, repository, asked: null },
    signal,
  )
  return { reason: choice.reason, variant, name: prompt.kind === 'turns' ? prompt.name : null }
}

test("the original's name tells its template first, then the configuration describes one; base models have none", async () => {
  expect(await chosen('mlc-ai/Llama-2-7b-chat-hf-q4f16_1-MLC', llama3)).toMatchObject({ name: 'llama-2-chat' })
  expect(await chosen('mlc-ai/phi-2-q4f16_1-MLC', llama3)).toMatchObject({ name: null, variant: 'base' })
  expect(await chosen('mlc-ai/Llama-3-8B-Instruct-q4f16_1-MLC', llama3)).toEqual({
    name: 'llama-3',
    variant: 'chat',
    reason: { kind: 'configuration', conversation: 'llama-3' },
  })
  expect(await chosen(null, { ...llama3, name: 'LM' })).toMatchObject({ name: null, variant: 'base' })
  expect(await chosen(null, 'llama-2')).toMatchObject({ name: null, variant: 'base' })
})

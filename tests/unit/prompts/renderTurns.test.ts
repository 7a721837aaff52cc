// Golden renderings: what the model reads, per template kind. The two turn templates are those of the bundled instruct and chat models.
import { expect, test } from 'vitest'
import type { PromptTemplate } from '../../../shared/model.ts'
import { convTemplate } from '../../../shared/prompts/convTemplate.ts'
import { renderTurns, sentTurns, type Turn } from '../../../shared/prompts/renderTurns.ts'

const instruct: PromptTemplate = {
  kind: 'turns',
  name: 'tiny-instruct',
  userPrefix: '### Instruction:\n',
  userSuffix: '\n\n',
  assistantPrefix: '### Response:\n',
  assistantSuffix: '</s>',
  singleTurn: true,
  stopStrings: ['### Instruction'],
}
const chat: PromptTemplate = {
  kind: 'turns',
  name: 'tiny-chat',
  userPrefix: 'User: ',
  userSuffix: '\n',
  assistantPrefix: 'Assistant:',
  assistantSuffix: '\n',
  singleTurn: false,
  stopStrings: ['\nUser:'],
}
const turns: readonly Turn[] = [
  { role: 'user', text: 'Tell me a story about $& and a cat.' },
  { role: 'assistant', text: 'There was a cat.' },
  { role: 'user', text: "What is the cat's name?" },
]

test('an instruction is wrapped in its headers and the response is opened', () => {
  expect(renderTurns(instruct, sentTurns(instruct, turns))).toEqual([
    "### Instruction:\nWhat is the cat's name?\n\n",
    '### Response:\n',
  ])
})

test('a conversation keeps its turns, and the reply header leaves the space to the first token', () => {
  expect(renderTurns(chat, sentTurns(chat, turns))).toEqual([
    'User: Tell me a story about $& and a cat.\n',
    'Assistant: There was a cat.\n',
    "User: What is the cat's name?\n",
    'Assistant:',
  ])
})

test('a conversation is sent from its first user turn on', () => {
  expect(sentTurns(chat, turns.slice(1))).toEqual(turns.slice(2))
})

test('the templates for web-llm carry the same wrapping, the stops and BOS', () => {
  const common = {
    system_template: '{system_message}',
    system_message: '',
    stop_token_ids: [2, 1],
    system_prefix_token_ids: [1],
    add_role_after_system_message: true,
  }
  const written = [instruct, chat, { kind: 'completion' as const }].map((prompt) =>
    convTemplate({ prompt, bosTokenId: 1, stopTokenIds: [2, 1] }),
  )
  expect(written).toEqual([
    {
      ...common,
      name: 'tiny-instruct',
      roles: { user: '### Instruction:', assistant: '### Response:', tool: '### Instruction:' },
      seps: ['\n\n', '</s>'],
      role_content_sep: '\n',
      role_empty_sep: '\n',
      stop_str: ['### Instruction'],
    },
    {
      ...common,
      name: 'tiny-chat',
      roles: { user: 'User:', assistant: 'Assistant:', tool: 'User:' },
      seps: ['\n', '\n'],
      role_content_sep: ' ',
      role_empty_sep: '',
      stop_str: ['\nUser:'],
    },
    {
      ...common,
      name: 'completion',
      roles: { user: '', assistant: '', tool: '' },
      seps: ['', ''],
      role_content_sep: '',
      role_empty_sep: '',
      stop_str: [],
    },
  ])
})

test('a model without BOS gets no prefix ids', () => {
  expect(convTemplate({ prompt: chat, bosTokenId: null, stopTokenIds: [0] })).not.toHaveProperty(
    'system_prefix_token_ids',
  )
})

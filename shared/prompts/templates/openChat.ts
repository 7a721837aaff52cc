import type { Template } from '../template.ts'

/** OpenChat 3.5 and Starling: the condition `GPT4 Correct` is part of the method (C-RLFT). */
export const openChat35: Template = {
  name: 'openchat-3.5',
  title: 'OpenChat 3.5',
  variant: 'chat',
  source: 'imoneoi/openchat README; lm-sys/FastChat fastchat/conversation.py, openchat_3.5',
  system: { place: 'front', prefix: '', suffix: '<|end_of_turn|>', text: '' },
  user: { prefix: 'GPT4 Correct User: ', suffix: '<|end_of_turn|>' },
  assistant: { prefix: 'GPT4 Correct Assistant: ', suffix: '<|end_of_turn|>' },
  reply: 'GPT4 Correct Assistant:',
  stopStrings: ['<|end_of_turn|>'],
  stopTokens: ['<|end_of_turn|>', '</s>'],
}

/** The Llama-2 generation before it. */
export const openChat32: Template = {
  name: 'openchat-v3.2',
  title: 'OpenChat 2 and 3',
  variant: 'chat',
  source: 'oobabooga/text-generation-webui instruction-templates',
  system: null,
  user: { prefix: 'GPT4 User: ', suffix: '<|end_of_turn|>' },
  assistant: { prefix: 'GPT4 Assistant: ', suffix: '<|end_of_turn|>' },
  reply: 'GPT4 Assistant:',
  stopStrings: ['<|end_of_turn|>'],
  stopTokens: ['<|end_of_turn|>', '</s>'],
}

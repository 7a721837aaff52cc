import type { Template } from '../template.ts'

/** v1.1, v1.3 and v1.5. FastChat's code, which the models were trained with, joins with single spaces; its documentation shows line breaks. */
export const vicuna: Template = {
  name: 'vicuna-v1.1',
  title: 'Vicuna 1.1 to 1.5',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, vicuna_v1.1',
  system: {
    place: 'front',
    prefix: '',
    suffix: ' ',
    text: "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.",
  },
  user: { prefix: 'USER: ', suffix: ' ' },
  assistant: { prefix: 'ASSISTANT: ', suffix: '</s>' },
  reply: 'ASSISTANT:',
  stopStrings: [],
  stopTokens: ['</s>'],
}

/** The first delta weights. */
export const vicunaV0: Template = {
  name: 'vicuna-v0',
  title: 'Vicuna 0',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, zero_shot',
  system: {
    place: 'front',
    prefix: '',
    suffix: '\n### ',
    text: "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions.",
  },
  user: { prefix: 'Human: ', suffix: '\n### ' },
  assistant: { prefix: 'Assistant: ', suffix: '\n### ' },
  reply: 'Assistant:',
  firstUserPrefix: '### Human: ',
  stopStrings: ['###'],
  stopTokens: ['</s>'],
}

export const airoboros2: Template = {
  name: 'airoboros-2',
  title: 'Airoboros 2',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, airoboros_v2',
  system: { place: 'front', prefix: '', suffix: '\n', text: 'A chat.' },
  user: { prefix: 'USER: ', suffix: '\n' },
  assistant: { prefix: 'ASSISTANT: ', suffix: '</s>' },
  reply: 'ASSISTANT:',
  stopStrings: ['USER:'],
  stopTokens: ['</s>'],
}

/** Vicuna's roles without its header. No published statement of the exact line breaks was found; this is the form in use. */
export const nousCapybara: Template = {
  name: 'nous-capybara',
  title: 'Nous Capybara',
  variant: 'chat',
  source: 'general knowledge; not confirmed by a published file',
  system: null,
  user: { prefix: 'USER: ', suffix: '\n' },
  assistant: { prefix: 'ASSISTANT: ', suffix: '</s>\n' },
  reply: 'ASSISTANT:',
  stopStrings: ['USER:'],
  stopTokens: ['</s>'],
}

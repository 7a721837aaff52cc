import type { Template } from '../template.ts'

/** The Pythia models; the Llama ones end a turn with `</s>`. */
export const openAssistant: Template = {
  name: 'oasst',
  title: 'OpenAssistant',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, oasst_pythia',
  system: null,
  user: { prefix: '<|prompter|>', suffix: '<|endoftext|>' },
  assistant: { prefix: '<|assistant|>', suffix: '<|endoftext|>' },
  reply: '<|assistant|>',
  stopStrings: [],
  stopTokens: ['<|endoftext|>'],
}

export const openAssistantLlama: Template = {
  ...openAssistant,
  name: 'oasst-llama',
  title: 'OpenAssistant (Llama)',
  source: 'lm-sys/FastChat fastchat/conversation.py, oasst_llama',
  user: { prefix: '<|prompter|>', suffix: '</s>' },
  assistant: { prefix: '<|assistant|>', suffix: '</s>' },
  stopTokens: ['</s>'],
}

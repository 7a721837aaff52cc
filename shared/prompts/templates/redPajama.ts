import type { Template } from '../template.ts'

/** RedPajama-INCITE-Chat and GPT-NeoXT-Chat-Base. */
export const redPajamaChat: Template = {
  name: 'redpajama-chat',
  title: 'RedPajama Chat',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, redpajama-incite',
  system: null,
  user: { prefix: '<human>: ', suffix: '\n' },
  assistant: { prefix: '<bot>: ', suffix: '\n' },
  reply: '<bot>:',
  stopStrings: ['<human>'],
  stopTokens: ['<|endoftext|>'],
}

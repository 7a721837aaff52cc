import type { Template } from '../template.ts'

export const falconInstruct: Template = {
  name: 'falcon-instruct',
  title: 'Falcon Instruct',
  variant: 'instruct',
  source: 'lm-sys/FastChat fastchat/conversation.py, falcon',
  system: { place: 'front', prefix: '', suffix: '\n\n', text: '' },
  user: { prefix: 'User: ', suffix: '\n\n' },
  assistant: { prefix: 'Assistant: ', suffix: '\n\n' },
  reply: 'Assistant:',
  squeezeBlankLines: true,
  stopStrings: ['\nUser', '<|endoftext|>'],
  stopTokens: ['<|endoftext|>'],
}

/** Falcon-180B-chat. */
export const falconChat: Template = {
  name: 'falcon-chat',
  title: 'Falcon Chat',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, falcon-chat',
  system: { place: 'front', prefix: 'System: ', suffix: '\n', text: '' },
  user: { prefix: 'User: ', suffix: '\n' },
  assistant: { prefix: 'Falcon: ', suffix: '\n' },
  reply: 'Falcon:',
  stopStrings: ['\nUser:', '<|endoftext|>'],
  stopTokens: ['<|endoftext|>'],
}

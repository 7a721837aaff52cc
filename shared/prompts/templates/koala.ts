import type { Template } from '../template.ts'

export const koala: Template = {
  name: 'koala',
  title: 'Koala',
  variant: 'chat',
  source: 'young-geng/EasyLM docs/koala.md; lm-sys/FastChat fastchat/conversation.py, koala_v1',
  system: { place: 'front', prefix: '', suffix: ' ', text: 'BEGINNING OF CONVERSATION:' },
  user: { prefix: 'USER: ', suffix: ' ' },
  assistant: { prefix: 'GPT: ', suffix: '</s>' },
  reply: 'GPT:',
  stopStrings: [],
  stopTokens: ['</s>'],
}

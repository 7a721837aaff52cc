import type { Template } from '../template.ts'

/** Without a system text the model still saw the empty block. The role markers are plain text, `</s>` is a token. */
export const zephyr: Template = {
  name: 'zephyr',
  title: 'Zephyr',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, zephyr',
  system: { place: 'front', prefix: '<|system|>\n', suffix: '</s>\n', text: '' },
  user: { prefix: '<|user|>\n', suffix: '</s>\n' },
  assistant: { prefix: '<|assistant|>\n', suffix: '</s>\n' },
  reply: '<|assistant|>\n',
  firstUserPrefix: '<|system|>\n</s>\n<|user|>\n',
  stopStrings: [],
  stopTokens: ['</s>'],
}

import type { Template } from '../template.ts'
import { chatml } from './chatml.ts'

export const yiChat: Template = {
  ...chatml,
  name: 'yi-chat',
  title: 'Yi Chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, Yi-34b-chat',
  stopStrings: ['<|im_end|>', '<|endoftext|>'],
  stopTokens: ['<|im_end|>', '<|endoftext|>', '<|im_start|>', '<|im_sep|>'],
}

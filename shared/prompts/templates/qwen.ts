import type { Template } from '../template.ts'
import { chatml } from './chatml.ts'

/** Qwen-Chat of 2023. */
export const qwenChat: Template = {
  ...chatml,
  name: 'qwen-chat',
  title: 'Qwen Chat',
  source: 'QwenLM/Qwen tokenization_note.md; lm-sys/FastChat fastchat/conversation.py, qwen-7b-chat',
  system: {
    place: 'front',
    prefix: '<|im_start|>system\n',
    suffix: '<|im_end|>\n',
    text: 'You are a helpful assistant.',
  },
  stopStrings: ['<|endoftext|>', '<|im_end|>'],
  stopTokens: ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
}

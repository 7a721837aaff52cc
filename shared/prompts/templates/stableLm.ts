import type { Template } from '../template.ts'

/** The alpha models. Their five-line persona is not part of this program. */
export const stableLmTuned: Template = {
  name: 'stablelm-tuned',
  title: 'StableLM Tuned Alpha',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, stablelm',
  system: {
    place: 'front',
    prefix: '<|SYSTEM|>',
    suffix: '',
    text: '',
    published: {
      characters: 451,
      sha256: 'afe0742e410dff5fae1485afa5bcf57badb1252cb67106a5ab473214edb36e4f',
      where: 'lm-sys/FastChat fastchat/conversation.py, stablelm',
    },
  },
  user: { prefix: '<|USER|>', suffix: '' },
  assistant: { prefix: '<|ASSISTANT|>', suffix: '' },
  reply: '<|ASSISTANT|>',
  stopStrings: ['<|USER|>'],
  stopTokens: ['<|USER|>', '<|ASSISTANT|>', '<|SYSTEM|>', '<|endoftext|>', '<|padding|>'],
}

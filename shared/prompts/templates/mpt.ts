import type { Template } from '../template.ts'
import { alpacaHeader } from './alpaca.ts'
import { chatml } from './chatml.ts'

export const mptInstruct: Template = {
  name: 'mpt-instruct',
  title: 'MPT Instruct',
  variant: 'instruct',
  source: 'model card of mosaicml/mpt-7b-instruct, from memory for the single line breaks',
  system: { place: 'front', prefix: '', suffix: '\n', text: alpacaHeader },
  user: { prefix: '### Instruction:\n', suffix: '\n' },
  assistant: { prefix: '### Response:\n', suffix: '\n' },
  reply: '### Response:\n',
  singleTurn: true,
  stopStrings: ['### Instruction:'],
  stopTokens: ['<|endoftext|>'],
}

export const mptChat: Template = {
  ...chatml,
  name: 'mpt-chat',
  title: 'MPT Chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, mpt-7b-chat',
  system: {
    place: 'front',
    prefix: '<|im_start|>system\n',
    suffix: '<|im_end|>\n',
    text: '',
    published: {
      characters: 320,
      sha256: 'cbf9b32d0e1994fedf58c6513314974488c631da10beb95ba0664816325ede0f',
      where: 'lm-sys/FastChat fastchat/conversation.py, mpt-7b-chat',
    },
  },
  stopTokens: ['<|im_end|>', '<|endoftext|>'],
}

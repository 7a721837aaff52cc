import type { Template } from '../template.ts'
import { alpacaHeader } from './alpaca.ts'

/** Its markers, `### End` among them, are single tokens of its vocabulary. */
export const dolly: Template = {
  name: 'dolly',
  title: 'Dolly 2',
  variant: 'instruct',
  source: 'lm-sys/FastChat fastchat/conversation.py, dolly_v2',
  system: { place: 'front', prefix: '', suffix: '\n\n', text: alpacaHeader },
  user: { prefix: '### Instruction:\n', suffix: '\n\n' },
  assistant: { prefix: '### Response:\n', suffix: '### End\n\n\n' },
  reply: '### Response:\n',
  singleTurn: true,
  stopStrings: ['### End'],
  stopTokens: ['### End', '<|endoftext|>'],
}

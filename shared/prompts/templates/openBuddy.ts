import type { Template } from '../template.ts'

/** Models before 21.1. Nothing may follow the last `Assistant:`. */
export const openBuddy: Template = {
  name: 'openbuddy',
  title: 'OpenBuddy',
  variant: 'chat',
  source: 'OpenBuddy/OpenBuddy legacy-prompt-format.md; lm-sys/FastChat fastchat/conversation.py, openbuddy',
  system: {
    place: 'front',
    prefix: '',
    suffix: '\n\n',
    text: '',
    published: {
      characters: 711,
      sha256: '182ffb90362f3330c9c1cbd64800dce8d78f365222d9c3b69ddbe7a3dbb1f810',
      where: 'lm-sys/FastChat fastchat/conversation.py, openbuddy',
    },
  },
  user: { prefix: 'User: ', suffix: '\n' },
  assistant: { prefix: 'Assistant: ', suffix: '\n' },
  reply: 'Assistant:',
  stopStrings: ['\nUser:'],
  stopTokens: ['</s>'],
}

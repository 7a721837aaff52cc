import type { Template } from '../template.ts'

/** Its card ends the prompt at `###` and lets the model write the role itself; FastChat, followed here, gives the whole role. */
export const xgen: Template = {
  name: 'xgen',
  title: 'XGen Instruct',
  variant: 'instruct',
  source: 'lm-sys/FastChat fastchat/conversation.py, xgen',
  system: {
    place: 'front',
    prefix: '',
    suffix: '\n\n',
    text: "A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the human's questions.",
  },
  user: { prefix: '### Human: ', suffix: '\n' },
  assistant: { prefix: '### Assistant: ', suffix: '\n' },
  reply: '### Assistant:',
  stopStrings: ['### Human'],
  stopTokens: ['<|endoftext|>'],
}

import type { Template } from '../template.ts'

/** Every exchange is a text of its own between `<s>` and `</s>`; the first `<s>` is the BOS token. */
export const llama2Chat: Template = {
  name: 'llama-2-chat',
  title: 'Llama 2 Chat',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, llama-2',
  system: { place: 'turn', prefix: '<<SYS>>\n', suffix: '\n<</SYS>>\n\n', text: '' },
  user: { prefix: '<s>[INST] ', suffix: ' [/INST]' },
  assistant: { prefix: ' ', suffix: ' </s>' },
  reply: '',
  firstUserPrefix: '[INST] ',
  stopStrings: [],
  stopTokens: ['</s>'],
}

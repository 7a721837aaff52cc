import type { Template } from '../template.ts'

/** The card writes an optional system text as a first user turn and opens the reply with a trailing space. */
export const ultralm: Template = {
  name: 'ultralm',
  title: 'UltraLM',
  variant: 'chat',
  source: 'model card of openbmb/UltraLM-13b',
  system: { place: 'front', prefix: 'User: ', suffix: '</s>\n', text: '' },
  user: { prefix: 'User: ', suffix: '</s>\n' },
  assistant: { prefix: 'Assistant: ', suffix: '</s>\n' },
  reply: 'Assistant: ',
  stopStrings: [],
  stopTokens: ['</s>'],
}

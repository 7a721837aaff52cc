import type { Template } from '../template.ts'

/** The instruction as it stands, for models tuned without any wrapping: BLOOMZ. */
export const bare: Template = {
  name: 'bare',
  title: 'The instruction alone',
  variant: 'instruct',
  source: 'model card of bigscience/bloomz',
  system: null,
  user: { prefix: '', suffix: '' },
  assistant: { prefix: '', suffix: '' },
  reply: '',
  singleTurn: true,
  stopStrings: [],
  stopTokens: ['</s>'],
}

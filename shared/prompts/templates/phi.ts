import type { Template } from '../template.ts'

/** Phi-2, a base model that answers in this form; the model ends its answer by starting another line of the form. */
export const phi2: Template = {
  name: 'phi-2',
  title: 'Phi 2',
  variant: 'instruct',
  source: 'mlc-ai/mlc-llm python/mlc_llm/conversation_template, phi-2',
  system: null,
  user: { prefix: 'Instruct: ', suffix: '\n' },
  assistant: { prefix: 'Output: ', suffix: '\n' },
  reply: 'Output:',
  stopStrings: ['\nInstruct:'],
  stopTokens: ['<|endoftext|>'],
}

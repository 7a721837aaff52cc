import type { Template } from '../template.ts'

export const decilmInstruct: Template = {
  name: 'decilm-instruct',
  title: 'DeciLM Instruct',
  variant: 'instruct',
  source: 'model card of Deci/DeciLM-7B-instruct, as quoted by intel-analytics/ipex-llm',
  system: {
    place: 'front',
    prefix: '### System:\n',
    suffix: '\n',
    text: 'You are an AI assistant that follows instruction extremely well. Help as much as you can.',
  },
  user: { prefix: '### User:\n', suffix: '\n' },
  assistant: { prefix: '### Assistant:\n', suffix: '\n' },
  reply: '### Assistant:\n',
  stopStrings: ['### User:'],
  stopTokens: ['</s>'],
}

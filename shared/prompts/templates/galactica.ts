import type { Template } from '../template.ts'

/** A style of prompt from its README, for a model that was not tuned on instructions: only on request. */
export const galactica: Template = {
  name: 'galactica',
  title: 'Galactica questions',
  variant: 'instruct',
  source: 'paperswithcode/galai README',
  system: null,
  user: { prefix: 'Question: ', suffix: '\n\n' },
  assistant: { prefix: 'Answer:', suffix: '\n\n' },
  reply: 'Answer:',
  stopStrings: ['\n\nQuestion:'],
  stopTokens: ['</s>'],
}

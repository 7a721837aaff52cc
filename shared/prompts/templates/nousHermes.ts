import type { Template } from '../template.ts'

/** Alpaca's blocks without its header. */
export const nousHermes: Template = {
  name: 'nous-hermes',
  title: 'Nous Hermes',
  variant: 'instruct',
  source: 'model card of NousResearch/Nous-Hermes-13b',
  system: null,
  user: { prefix: '### Instruction:\n', suffix: '\n\n' },
  assistant: { prefix: '### Response:\n', suffix: '\n\n' },
  reply: '### Response:\n',
  stopStrings: ['### Instruction:'],
  stopTokens: ['</s>'],
}

export const stripedHyenaNous: Template = {
  ...nousHermes,
  name: 'stripedhyena-nous',
  title: 'StripedHyena Nous',
  variant: 'chat',
  source: 'togethercomputer/stripedhyena README',
}

import type { Template } from '../template.ts'

/** The sentence that Alpaca's training data begins with; Dolly and MPT-Instruct took it over. */
export const alpacaHeader =
  'Below is an instruction that describes a task. Write a response that appropriately completes the request.'

/** The other one of Alpaca's two, for an instruction with an input. */
export const alpacaHeaderWithInput =
  'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.'

/** With an input, header and turn are others: shared/prompts/withInput.ts. */
export const alpaca: Template = {
  name: 'alpaca',
  title: 'Alpaca',
  variant: 'instruct',
  source: 'tatsu-lab/stanford_alpaca README',
  system: { place: 'front', prefix: '', suffix: '\n\n', text: alpacaHeader },
  user: { prefix: '### Instruction:\n', suffix: '\n\n' },
  assistant: { prefix: '### Response:\n', suffix: '</s>' },
  reply: '### Response:\n',
  singleTurn: true,
  stopStrings: ['### Instruction:'],
  stopTokens: ['</s>'],
}

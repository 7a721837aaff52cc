import type { Template } from '../template.ts'

/** JosephusCheung's Guanaco. Its exact form is not confirmed by a published file; the role behind `### Response:` is given, not left to the model. */
export const guanacoJosephus: Template = {
  name: 'guanaco-josephus',
  title: 'Guanaco (JosephusCheung)',
  variant: 'chat',
  source: 'general knowledge; not confirmed by a published file',
  system: null,
  user: { prefix: '### Instruction:\nUser: ', suffix: '\n' },
  assistant: { prefix: '### Response:\nAssistant: ', suffix: '\n' },
  reply: '### Response:\nAssistant:',
  stopStrings: ['### Instruction:', 'User:'],
  stopTokens: ['</s>'],
}

/** The QLoRA paper's Guanaco, another project. */
export const guanacoQlora: Template = {
  name: 'guanaco-qlora',
  title: 'Guanaco (QLoRA)',
  variant: 'chat',
  source: 'oobabooga/text-generation-webui instruction-templates',
  system: { place: 'front', prefix: '', suffix: '\n', text: '' },
  user: { prefix: '### Human: ', suffix: '\n' },
  assistant: { prefix: '### Assistant: ', suffix: '</s>\n' },
  reply: '### Assistant:',
  stopStrings: ['### Human:'],
  stopTokens: ['</s>'],
}

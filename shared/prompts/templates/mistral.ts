import type { Template } from '../template.ts'

/** 7B Instruct 0.1 and 0.2 and Mixtral Instruct. They have no system role; a system text goes in front of the first instruction. */
export const mistralInstruct: Template = {
  name: 'mistral-instruct',
  title: 'Mistral Instruct',
  variant: 'instruct',
  source: 'lm-sys/FastChat fastchat/conversation.py, mistral; chujiezheng/chat_templates mistral-instruct.jinja',
  system: { place: 'turn', prefix: '', suffix: '\n\n', text: '' },
  user: { prefix: '[INST] ', suffix: ' [/INST]' },
  assistant: { prefix: ' ', suffix: '</s>' },
  reply: '',
  stopStrings: [],
  stopTokens: ['</s>'],
}

/** The markers are tokens. Its long dated system text is not part of this program. */
export const ministral3: Template = {
  name: 'ministral3',
  title: 'Ministral 3 Instruct',
  variant: 'instruct',
  source: 'mlc-ai/mlc-llm python/mlc_llm/conversation_template, ministral3',
  system: { place: 'front', prefix: '[SYSTEM_PROMPT]', suffix: '[/SYSTEM_PROMPT]', text: '' },
  user: { prefix: '[INST]', suffix: '[/INST]' },
  assistant: { prefix: '', suffix: '</s>' },
  reply: '',
  stopStrings: [],
  stopTokens: ['</s>'],
}

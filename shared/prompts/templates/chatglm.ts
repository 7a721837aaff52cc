import type { Template } from '../template.ts'

/** ChatGLM-6B: rounds count from 0, and what is behind `[gMASK]<sop>` is written from left to right, what is before it is read as a whole. */
export const chatglm: Template = {
  name: 'chatglm',
  title: 'ChatGLM',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, chatglm',
  system: null,
  user: { prefix: '[Round {round}]\n问：', suffix: '\n' },
  assistant: { prefix: '答：', suffix: '\n' },
  reply: '答：',
  firstRound: 0,
  replyStart: ['[gMASK]', '<sop>'],
  stopStrings: ['<eop>'],
  stopTokens: ['<eop>', '</s>'],
}

export const chatglm2: Template = {
  name: 'chatglm2',
  title: 'ChatGLM 2',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, chatglm2',
  system: null,
  user: { prefix: '[Round {round}]\n\n问：', suffix: '\n\n' },
  assistant: { prefix: '答：', suffix: '\n\n' },
  reply: '答：',
  firstRound: 1,
  lead: ['[gMASK]', 'sop'],
  stopStrings: [],
  stopTokens: ['</s>'],
}

/** The role markers are tokens that no text of a person can spell. */
export const chatglm3: Template = {
  name: 'chatglm3',
  title: 'ChatGLM 3',
  variant: 'chat',
  source: 'THUDM/ChatGLM3 PROMPT_en.md; lm-sys/FastChat fastchat/conversation.py, chatglm3',
  system: { place: 'front', prefix: '<|system|>\n', suffix: '', text: '' },
  user: { prefix: '<|user|>\n', suffix: '' },
  assistant: { prefix: '<|assistant|>\n', suffix: '' },
  reply: '<|assistant|>',
  lead: ['[gMASK]', 'sop'],
  stopStrings: ['<|user|>', '<|observation|>'],
  stopTokens: ['<|user|>', '<|observation|>', '</s>'],
}

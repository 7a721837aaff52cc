import type { Template } from '../template.ts'

export const chatml: Template = {
  name: 'chatml',
  title: 'ChatML',
  variant: 'chat',
  source: 'lm-sys/FastChat fastchat/conversation.py, mistral-7b-openorca',
  system: { place: 'front', prefix: '<|im_start|>system\n', suffix: '<|im_end|>\n', text: '' },
  user: { prefix: '<|im_start|>user\n', suffix: '<|im_end|>\n' },
  assistant: { prefix: '<|im_start|>assistant\n', suffix: '<|im_end|>\n' },
  reply: '<|im_start|>assistant\n',
  stopStrings: ['<|im_end|>'],
  stopTokens: ['<|im_end|>'],
}

/** OpenHermes 2 and 2.5. */
export const openHermes2: Template = {
  ...chatml,
  name: 'openhermes-2',
  title: 'OpenHermes 2',
  source: 'model card of teknium/OpenHermes-2-Mistral-7B; lm-sys/FastChat, OpenHermes-2.5-Mistral-7B',
  system: {
    place: 'front',
    prefix: '<|im_start|>system\n',
    suffix: '<|im_end|>\n',
    text: '',
    published: {
      characters: 222,
      sha256: 'e6160d4f1711a00b2e7bf5718339f9242ba624dcf2b7bb1c8239298f77b0fd6a',
      where: 'lm-sys/FastChat fastchat/conversation.py, OpenHermes-2.5-Mistral-7B',
    },
  },
  stopTokens: ['<|im_end|>', '</s>'],
}

/** Its card opens the reply without the line break, which the model writes itself; a reasoner for one question at a time. */
export const orca2: Template = {
  ...chatml,
  name: 'orca-2',
  title: 'Orca 2',
  variant: 'instruct',
  source: 'model card of microsoft/Orca-2-7b; lm-sys/FastChat fastchat/conversation.py, orca-2',
  system: {
    place: 'front',
    prefix: '<|im_start|>system\n',
    suffix: '<|im_end|>\n',
    text: '',
    published: {
      characters: 215,
      sha256: '8c5fa8319707699a185ec25a40ca810888791bd07642aed8a57b398e8dbd9f30',
      where: 'lm-sys/FastChat fastchat/conversation.py, orca-2',
    },
  },
  reply: '<|im_start|>assistant',
  stopTokens: ['<|im_end|>', '</s>'],
}

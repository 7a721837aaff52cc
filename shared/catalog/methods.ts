// Ways in which models learn, each in two plain sentences.
import type { MethodId } from './types.ts'

export interface Method {
  readonly name: string
  readonly explanation: string
}

export const methods: Readonly<Record<MethodId, Method>> = {
  pretraining: {
    name: 'Pretraining',
    explanation:
      'The model read a very large amount of text and learned to guess the next piece of it. It continues what you write; it was not taught to answer.',
  },
  'instruction-fine-tuning': {
    name: 'Instruction fine-tuning',
    explanation:
      'The base model went on learning from examples of a task and a good response. It does what one instruction asks, but was not taught long conversations.',
  },
  'chat-fine-tuning': {
    name: 'Chat fine-tuning',
    explanation:
      'The base model went on learning from conversations in several turns. It answers, and remembers what was said before.',
  },
  distillation: {
    name: 'Distillation',
    explanation:
      'The examples it learned from were written by a larger model, with that model’s explanations. A small model picks up some of the larger one’s ways of reasoning.',
  },
  qlora: {
    name: 'QLoRA adapters',
    explanation:
      'The base model stayed as it was, stored in 4 bits, and only small added matrices learned. That takes a fraction of the memory, and the additions can be passed on without the base.',
  },
  'c-rlft': {
    name: 'Conditioned fine-tuning (C-RLFT)',
    explanation:
      'The model learned from good and mediocre conversations at once, each marked with where it came from. Asked under the mark of the good ones, it answers like them.',
  },
  'feedback-bootstrap': {
    name: 'Feedback bootstrap',
    explanation:
      'Answers of the model were rated, and it learned again from the better ones. This was repeated to raise the quality step by step.',
  },
  rlhf: {
    name: 'Reinforcement learning from human feedback (RLHF)',
    explanation:
      'People compared answers, and a second model learned to predict what they prefer. The model was then trained to write answers that this second model scores highly.',
  },
  rlaif: {
    name: 'Reinforcement learning from AI feedback (RLAIF)',
    explanation:
      'Another language model compared answers in place of people, and a second model learned its preferences. The model was then trained to write answers that are scored highly.',
  },
  dpo: {
    name: 'Direct preference optimization (DPO)',
    explanation:
      'The model learned from pairs of answers, of which one was preferred, to make that one likelier and the other less likely. No second model that scores answers is needed.',
  },
}

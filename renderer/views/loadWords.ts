import type { LoadStep } from '../inference/protocol.ts'

/** What is happening while a model loads. */
export const loadWords: Readonly<Record<LoadStep, string>> = {
  library: 'Starting the model …',
  weights: 'Reading the weights …',
  programs: 'Preparing the graphics programs …',
}

// An instruction with an input: in the form the model was tuned on, where that form is published; else behind a blank line.
import type { PromptTemplate } from '../model.ts'
import { alpacaHeader, alpacaHeaderWithInput } from './templates/alpaca.ts'

/** What stands between instruction and input, by template. */
const headings: Readonly<Record<string, string>> = {
  // tatsu-lab/stanford_alpaca README.
  alpaca: '\n\n### Input:\n',
  // databrickslabs/dolly training/consts.py, PROMPT_WITH_INPUT_FORMAT.
  dolly: '\n\nInput:\n',
  // NousResearch/Nous-Hermes-13b README.
  'nous-hermes': '\n\n### Input:\n',
}

/** The text of the user's turn. */
export function withInput(template: PromptTemplate, instruction: string, input: string): string {
  if (input === '') return instruction
  const heading = template.kind === 'turns' ? headings[template.name] : undefined
  return instruction + (heading ?? '\n\n') + input
}

/** The system text the model was tuned with: Alpaca's is another one where there is an input. */
export function tunedSystemText(template: PromptTemplate, hasInput: boolean): string {
  if (template.kind !== 'turns') return ''
  const text = template.dialogue?.system?.text ?? ''
  return hasInput && template.name === 'alpaca' && text === alpacaHeader ? alpacaHeaderWithInput : text
}

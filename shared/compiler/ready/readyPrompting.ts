// How a model from published MLC weights is spoken to. Its original's name counts first, then the chat template it carries, as for a checkpoint; where
// neither is known, the conversation that mlc-llm's configuration describes.
import type { PromptChoice } from '../../prompts/choosePrompt.ts'
import { publishedTemplate } from '../../prompts/repositories.ts'
import { chatConfigFile } from '../chatConfig.ts'
import type { ModelSource } from '../checkpoint/bytes.ts'
import { configFields, own } from '../checkpoint/config.ts'
import { choosePrompting, type Prompting, type PromptQuestion } from '../prompting.ts'
import { readConversation } from './conversation.ts'
import { originalName } from './publishedName.ts'

export interface ReadyPromptQuestion extends PromptQuestion {
  /** mlc-chat-config.json. */
  readonly published: unknown
  readonly spec: PromptQuestion['spec'] & { readonly vocabularySize: number }
}

/** Names that mlc-llm gives a conversation that is none: the model continues text. */
const plainConversations = ['LM', 'gpt2', 'rwkv']

/** Throws CompileError where one of the files is not what its name says. */
export async function readyPrompting(
  source: ModelSource,
  question: ReadyPromptQuestion,
  signal: AbortSignal,
): Promise<Prompting> {
  const { published, spec, asked } = question
  const repository = question.repository === null ? null : originalName(question.repository)
  const usual = await choosePrompting(source, { ...question, repository }, signal)
  const isBase = repository !== null && publishedTemplate(repository) === 'base'
  if (asked !== null || usual.choice.template !== null || isBase) return usual
  const template = own(configFields(published, chatConfigFile), 'conv_template')
  const conversation = readConversation(template, spec.vocabularySize, usual.bosTokenId)
  if (conversation === null || plainConversations.includes(conversation.name)) return usual
  const choice: PromptChoice = {
    template: null,
    variant: 'chat',
    reason: { kind: 'configuration', conversation: conversation.name.slice(0, 60) },
  }
  return { ...usual, choice, variant: 'chat', prompt: conversation.prompt, stopTokenIds: conversation.stopTokenIds }
}

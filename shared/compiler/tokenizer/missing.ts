// What to say when a folder holds no tokenizer: some repositories of 2023 never did, and then it is known where theirs is.
import { CompileError } from '../../errors.ts'
import { mergesName, vocabName } from './vocabMerges.ts'

/** Names the file to put beside the weights. */
export function missingTokenizer(names: ReadonlySet<string>): CompileError {
  const half = [vocabName, mergesName].find((name) => names.has(name))
  if (half !== undefined) {
    const other = half === vocabName ? mergesName : vocabName
    return new CompileError(other, '', `not found, and ${half} is no tokenizer without it`)
  }
  if (names.has('tokenization_xgen.py'))
    return new CompileError(
      'r50k_base.tiktoken',
      '',
      'not found: XGen takes its ranks from OpenAI, put that file beside the weights',
    )
  if (names.has('tokenization_qwen.py'))
    return new CompileError('qwen.tiktoken', '', 'not found: Qwen publishes it beside the weights')
  return new CompileError(
    'tokenizer.json',
    '',
    `not found, and no other tokenizer: put the one of this model beside the weights (for Mamba and others trained with
GPT-NeoX's tokenizer: tokenizer.json of EleutherAI/gpt-neox-20b)`.replaceAll('\n', ' '),
  )
}

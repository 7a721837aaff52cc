// What kind of prompt a repository's own chat_template makes. The template is a program (Jinja) of a stranger: it is never run, only searched for the
// markers that tell the published kinds apart.
import type { Template } from './template.ts'
import { alpaca } from './templates/alpaca.ts'
import { chatml } from './templates/chatml.ts'
import { llama2Chat } from './templates/llama2.ts'
import { ministral3, mistralInstruct } from './templates/mistral.ts'
import { nousHermes } from './templates/nousHermes.ts'
import { openAssistant } from './templates/openAssistant.ts'
import { openChat35 } from './templates/openChat.ts'
import { qwenChat } from './templates/qwen.ts'
import { redPajamaChat } from './templates/redPajama.ts'
import { stableLmTuned } from './templates/stableLm.ts'
import { vicuna } from './templates/vicuna.ts'
import { zephyr } from './templates/zephyr.ts'

/** All markers of a line must occur; the first such line counts. */
const kinds: readonly (readonly [readonly string[], Template])[] = [
  [['GPT4 Correct'], openChat35],
  [['<|im_start|>', '<|im_end|>'], chatml],
  [['<<SYS>>', '[INST]'], llama2Chat],
  [['[SYSTEM_PROMPT]', '[INST]'], ministral3],
  [['[INST]', '[/INST]'], mistralInstruct],
  [['<|prompter|>', '<|assistant|>'], openAssistant],
  [['<|USER|>', '<|ASSISTANT|>'], stableLmTuned],
  [['<human>', '<bot>'], redPajamaChat],
  [['### Instruction:', '### Response:', 'Below is an instruction'], alpaca],
  [['### Instruction:', '### Response:'], nousHermes],
  [['USER:', 'ASSISTANT:'], vicuna],
]

/** Its turns end with the eos token; kinds of later years with the same markers end with tokens of their own. */
const zephyrMarkers = /<\|user\|>|'<\|' *\+ *message/

/** The template of the same kind, or null where none has its markers. */
export function chatTemplateKind(chatTemplate: string, modelType: string): Template | null {
  const found = kinds.find(([markers]) => markers.every((marker) => chatTemplate.includes(marker)))?.[1]
  if (found === chatml && modelType === 'qwen') return qwenChat
  if (found !== undefined) return found
  const endsWithEos = /eos_token|<\/s>/.test(chatTemplate) && !/<\|end\|>|<\|endoftext\|>/.test(chatTemplate)
  return zephyrMarkers.test(chatTemplate) && endsWithEos ? zephyr : null
}

// Which prompt a published model was tuned with, by the name of its repository. The first line that fits counts; derived names stand before the names
// they are derived from. Publishers and suffixes of copies (-GPTQ, -fp16, -HF) do not matter.
import type { Template } from './template.ts'
import { alpaca } from './templates/alpaca.ts'
import { bare } from './templates/bare.ts'
import { chatglm, chatglm2, chatglm3 } from './templates/chatglm.ts'
import { chatml, openHermes2, orca2 } from './templates/chatml.ts'
import { decilmInstruct } from './templates/decilm.ts'
import { dolly } from './templates/dolly.ts'
import { falconChat, falconInstruct } from './templates/falcon.ts'
import { guanacoJosephus, guanacoQlora } from './templates/guanaco.ts'
import { koala } from './templates/koala.ts'
import { llama2Chat } from './templates/llama2.ts'
import { ministral3, mistralInstruct } from './templates/mistral.ts'
import { mptChat, mptInstruct } from './templates/mpt.ts'
import { nousHermes, stripedHyenaNous } from './templates/nousHermes.ts'
import { openAssistant, openAssistantLlama } from './templates/openAssistant.ts'
import { openBuddy } from './templates/openBuddy.ts'
import { openChat32, openChat35 } from './templates/openChat.ts'
import { qwenChat } from './templates/qwen.ts'
import { redPajamaChat } from './templates/redPajama.ts'
import { stableLmTuned } from './templates/stableLm.ts'
import { ultralm } from './templates/ultralm.ts'
import { airoboros2, nousCapybara, vicuna, vicunaV0 } from './templates/vicuna.ts'
import { xgen } from './templates/xgen.ts'
import { yiChat } from './templates/yi.ts'
import { zephyr } from './templates/zephyr.ts'

const tuned: readonly (readonly [RegExp, Template])[] = [
  [/^airoboros.*-2\.\d/, airoboros2],
  [/^alpaca-/, alpaca],
  [/^bloomz/, bare],
  [/^chatglm3-/, chatglm3],
  [/^chatglm2-/, chatglm2],
  [/^chatglm-/, chatglm],
  [/^decilm-.*instruct/, decilmInstruct],
  [/^dolly-v2/, dolly],
  [/^falcon-180b-chat/, falconChat],
  [/^falcon-.*instruct/, falconInstruct],
  [/^guanaco$/, guanacoJosephus],
  [/^guanaco-/, guanacoQlora],
  [/^koala-/, koala],
  [/^llama-?2-\d+b-chat/, llama2Chat],
  [/^ministral-3-.*instruct/, ministral3],
  [/^mistral-7b-openorca/, chatml],
  [/^(mistral|mixtral)-.*instruct-v0\.[12]/, mistralInstruct],
  [/^mpt-.*chat/, mptChat],
  [/^mpt-.*instruct/, mptInstruct],
  [/^nous-capybara/, nousCapybara],
  [/^nous-hermes-2-/, chatml],
  [/^nous-hermes/, nousHermes],
  [/^oasst-.*llama/, openAssistantLlama],
  [/^oasst-.*pythia/, openAssistant],
  [/^openbuddy-/, openBuddy],
  [/^openchat[-_]v?3\.5/, openChat35],
  [/^openchat[-_]v[23]/, openChat32],
  [/^openhermes-2/, openHermes2],
  [/^orca-2-/, orca2],
  [/^qwen-.*chat/, qwenChat],
  [/^(redpajama-.*|gpt-neoxt-)chat/, redPajamaChat],
  [/^stablelm-tuned-alpha/, stableLmTuned],
  [/^starling-lm-7b-alpha/, openChat35],
  [/^stripedhyena-nous/, stripedHyenaNous],
  [/^tinyllama-.*chat-v1/, zephyr],
  [/^ultralm-/, ultralm],
  [/^vicuna-.*v0/, vicunaV0],
  [/^vicuna-.*v1\./, vicuna],
  [/^xgen-.*inst/, xgen],
  [/^yi-.*chat/, yiChat],
  [/^zephyr-7b/, zephyr],
]

/** Continues text and nothing else. */
const base: readonly RegExp[] = [
  /^(?!.*[-_.]chat[-_.]).*(^|[-_.])base($|[-_.])/,
  /^bloom(-\d+b?\d*m?)?$/,
  /^decilm-\d+b$/,
  /^falcon-(rw-)?\d+b$/,
  /^galactica-/,
  /^gpt-?(2|j|neo|neox)(-|$)/,
  /^llama-\d+b(-hf)?$/,
  /^llama-?2-\d+b(-hf)?$/,
  /^mamba-/,
  /^(mistral|mixtral)-[\dx]+b-v0\.\d$/,
  /^mpt-\d+b(-8k|-storywriter)?$/,
  /^opt-\d/,
  /^phi-(1_5|1\.5|1|2)$/,
  /^pythia-/,
  /^qwen-[\d_]+b$/,
  /^stripedhyena-hessian/,
  /^tinyllama-.*(step|intermediate)/,
  /^yi-\d+b(-200k)?$/,
]

/** `base`, the template, or null for a name that says nothing. `repository`: publisher/name or a name alone. */
export function publishedTemplate(repository: string): Template | 'base' | null {
  const name = repository.slice(repository.lastIndexOf('/') + 1).toLowerCase()
  if (base.some((pattern) => pattern.test(name))) return 'base'
  return tuned.find(([pattern]) => pattern.test(name))?.[1] ?? null
}

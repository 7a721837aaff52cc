// Every prompt template, in the order in which the command line lists them. A new one is a file beside this one and a line here.
import type { Template } from '../template.ts'
import { alpaca } from './alpaca.ts'
import { bare } from './bare.ts'
import { chatglm, chatglm2, chatglm3 } from './chatglm.ts'
import { chatml, openHermes2, orca2 } from './chatml.ts'
import { decilmInstruct } from './decilm.ts'
import { dolly } from './dolly.ts'
import { falconChat, falconInstruct } from './falcon.ts'
import { galactica } from './galactica.ts'
import { guanacoJosephus, guanacoQlora } from './guanaco.ts'
import { koala } from './koala.ts'
import { llama2Chat } from './llama2.ts'
import { ministral3, mistralInstruct } from './mistral.ts'
import { mptChat, mptInstruct } from './mpt.ts'
import { nousHermes, stripedHyenaNous } from './nousHermes.ts'
import { openAssistant, openAssistantLlama } from './openAssistant.ts'
import { openBuddy } from './openBuddy.ts'
import { openChat32, openChat35 } from './openChat.ts'
import { phi2 } from './phi.ts'
import { qwenChat } from './qwen.ts'
import { redPajamaChat } from './redPajama.ts'
import { stableLmTuned } from './stableLm.ts'
import { ultralm } from './ultralm.ts'
import { airoboros2, nousCapybara, vicuna, vicunaV0 } from './vicuna.ts'
import { xgen } from './xgen.ts'
import { yiChat } from './yi.ts'
import { zephyr } from './zephyr.ts'

export const templates: readonly Template[] = [
  airoboros2,
  alpaca,
  bare,
  chatglm,
  chatglm2,
  chatglm3,
  chatml,
  decilmInstruct,
  dolly,
  falconChat,
  falconInstruct,
  galactica,
  guanacoJosephus,
  guanacoQlora,
  koala,
  llama2Chat,
  ministral3,
  mistralInstruct,
  mptChat,
  mptInstruct,
  nousCapybara,
  nousHermes,
  openAssistant,
  openAssistantLlama,
  openBuddy,
  openChat32,
  openChat35,
  openHermes2,
  orca2,
  phi2,
  qwenChat,
  redPajamaChat,
  stableLmTuned,
  stripedHyenaNous,
  ultralm,
  vicuna,
  vicunaV0,
  xgen,
  yiChat,
  zephyr,
]

export function templateNamed(name: string): Template | undefined {
  return templates.find((template) => template.name === name)
}

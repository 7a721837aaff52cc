// Every architecture the compiler knows. Adding one is its file and its line here.
import { CompileError } from '../../errors.ts'
import { configFields, configFile, own } from '../checkpoint/config.ts'
import { bloom } from './bloom.ts'
import { chatglm1 } from './chatglm1.ts'
import { chatglm2 } from './chatglm2.ts'
import { decilm } from './decilm.ts'
import { falcon } from './falcon.ts'
import { gpt2 } from './gpt2.ts'
import { gptj } from './gptj.ts'
import { gptNeox } from './gptNeox.ts'
import { llama } from './llama.ts'
import { mamba } from './mamba.ts'
import { mistral } from './mistral.ts'
import { mixtral } from './mixtral.ts'
import { mpt } from './mpt.ts'
import { opt } from './opt.ts'
import { phi } from './phi.ts'
import { qwen } from './qwen.ts'
import type { Architecture } from './spec.ts'
import { stablelm } from './stablelm.ts'
import { stripedHyena } from './stripedhyena.ts'

export const architectures: readonly Architecture[] = [
  llama,
  mistral,
  mixtral,
  gptNeox,
  falcon,
  mpt,
  bloom,
  opt,
  qwen,
  decilm,
  chatglm1,
  chatglm2,
  gpt2,
  gptj,
  phi,
  stablelm,
  mamba,
  stripedHyena,
]

/** The architecture for a parsed config.json, undefined when there is none. Throws CompileError when the config is no object. */
export function architectureFor(config: unknown): Architecture | undefined {
  const fields = configFields(config)
  const modelType = own(fields, 'model_type')
  return architectures.find(
    ({ modelTypes, recognises }) =>
      (modelType === undefined ? recognises !== undefined : modelTypes.includes(modelType as string)) &&
      (recognises?.(fields) ?? true),
  )
}

/** The same; throws CompileError naming model_type when there is none. */
export function requireArchitecture(config: unknown): Architecture {
  const found = architectureFor(config)
  if (found !== undefined) return found
  const known: readonly unknown[] = architectures.flatMap(({ modelTypes }) => modelTypes)
  const modelType = own(configFields(config), 'model_type')
  const came = JSON.stringify(modelType)?.slice(0, 60) ?? 'missing'
  if (known.includes(modelType))
    throw new CompileError(configFile, 'model_type', `${came} in a form that is not supported`)
  throw new CompileError(configFile, 'model_type', `${came}, expected one of ${known.join(', ')}`)
}

// Values that come with the app, by variant, each with its reason (words: sampling.presetReason). They leave length, seed, stops and schema as they are.
import type { ChatSampling } from '../../../../shared/chats/types.ts'
import type { Variant } from '../../../../shared/model.ts'

export type PresetName = 'precise' | 'balanced' | 'inventive'
export type PresetValues = Pick<
  ChatSampling,
  'temperature' | 'topP' | 'frequencyPenalty' | 'presencePenalty' | 'repetitionPenalty'
>

export interface BuiltInPreset {
  readonly name: PresetName
  readonly reason: `${Variant}${'Precise' | 'Balanced' | 'Inventive'}`
  readonly values: PresetValues
}

const without = { frequencyPenalty: 0, presencePenalty: 0, repetitionPenalty: 1 } as const

export const builtInPresets: Readonly<Record<Variant, readonly BuiltInPreset[]>> = {
  base: [
    {
      name: 'precise',
      reason: 'basePrecise',
      // 1.2 is what arXiv:1909.05858 found to balance truth against loops.
      values: { ...without, temperature: 0.3, topP: 0.9, repetitionPenalty: 1.2 },
    },
    { name: 'balanced', reason: 'baseBalanced', values: { ...without, temperature: 0.8, topP: 0.9 } },
    // Nucleus sampling as arXiv:1904.09751 proposed it for open-ended text.
    { name: 'inventive', reason: 'baseInventive', values: { ...without, temperature: 1, topP: 0.95 } },
  ],
  instruct: [
    { name: 'precise', reason: 'instructPrecise', values: { ...without, temperature: 0, topP: 1 } },
    { name: 'balanced', reason: 'instructBalanced', values: { ...without, temperature: 0.7, topP: 0.9 } },
    {
      name: 'inventive',
      reason: 'instructInventive',
      values: { ...without, temperature: 1, topP: 0.95, presencePenalty: 0.3 },
    },
  ],
  chat: [
    { name: 'precise', reason: 'chatPrecise', values: { ...without, temperature: 0.2, topP: 0.9 } },
    { name: 'balanced', reason: 'chatBalanced', values: { ...without, temperature: 0.7, topP: 0.95 } },
    {
      name: 'inventive',
      reason: 'chatInventive',
      values: { ...without, temperature: 1, topP: 0.95, frequencyPenalty: 0.3 },
    },
  ],
}

/** Whether the values are what is used now. */
export function isInUse(values: PresetValues, sampling: ChatSampling): boolean {
  return Object.entries(values).every(([name, value]) => sampling[name as keyof PresetValues] === value)
}

// Where other programs keep models on this computer: Hugging Face's cache and MLC's, by their own environment variables and by default. The variables come on
// top of the usual places, because an app that was started from a menu often does not see them.
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface ForeignPlace {
  readonly kind: 'hugging-face-cache' | 'mlc'
  readonly folder: string
}

export type ForeignEnvironment = Readonly<Record<string, string | undefined>>

/** Folders that may not exist, each once. Names: huggingface_hub's constants.py and mlc-llm's support/constants.py. */
export function foreignPlaces(
  environment: ForeignEnvironment,
  platform: NodeJS.Platform = process.platform,
  userHome: string = homedir(),
): readonly ForeignPlace[] {
  const at = (name: string, ...below: readonly string[]) => {
    const value = environment[name]
    return value ? [join(expanded(value, userHome), ...below)] : []
  }
  const hub = [
    ...at('HF_HUB_CACHE'),
    ...at('HUGGINGFACE_HUB_CACHE'),
    ...at('HF_HOME', 'hub'),
    ...at('XDG_CACHE_HOME', 'huggingface', 'hub'),
    join(userHome, '.cache', 'huggingface', 'hub'),
  ]
  const mlc = [
    ...at('MLC_LLM_HOME', 'model_weights'),
    ...(platform === 'win32' ? at('LOCALAPPDATA', 'mlc_llm', 'model_weights') : []),
    ...at('XDG_CACHE_HOME', 'mlc_llm', 'model_weights'),
    join(userHome, '.cache', 'mlc_llm', 'model_weights'),
    ...(environment.MLC_LLM_READONLY_WEIGHT_CACHE ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => expanded(folder, userHome)),
  ]
  return [
    ...[...new Set(hub)].map((folder) => ({ kind: 'hugging-face-cache' as const, folder })),
    ...[...new Set(mlc)].map((folder) => ({ kind: 'mlc' as const, folder })),
  ]
}

/** `~` as Python's expanduser reads it, for the own home. */
function expanded(folder: string, userHome: string): string {
  return folder === '~' || folder.startsWith('~/') ? join(userHome, folder.slice(1)) : folder
}

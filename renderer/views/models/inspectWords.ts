// What was found in a repository or folder, in sentences.
import type { Inspection } from '../../../shared/inspect/inspect.ts'
import type { PromptReason } from '../../../shared/prompts/promptReason.ts'
import { t } from '../../words/words.ts'

/** How its kind is known. */
export function reasonText(reason: PromptReason): string {
  switch (reason.kind) {
    case 'asked':
    case 'carries-template':
    case 'carries-unknown-template':
      return t(`inspect.reasons.${reason.kind}`)
    case 'base-model': {
      const { repository, carriesTemplate } = reason
      return t(carriesTemplate ? 'inspect.reasons.base-model-carries' : 'inspect.reasons.base-model', { repository })
    }
    case 'tuned':
      return t('inspect.reasons.tuned', { repository: reason.repository })
    case 'nothing':
      return t(reason.hasMarkers ? 'inspect.reasons.nothing-markers' : 'inspect.reasons.nothing')
    case 'configuration':
      return t('inspect.reasons.configuration', { name: reason.conversation })
    default:
      return reason satisfies never
  }
}

/** Why it does not compile. What is wrong inside a file is told in the compiler's words, which are English. */
export function obstacleText({ obstacle, otherForm }: Pick<Inspection, 'obstacle' | 'otherForm'>): string {
  return otherForm === null ? (obstacle ?? '') : t(`inspect.otherForms.${otherForm}`)
}

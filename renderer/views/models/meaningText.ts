// What a word of a model's name means.
import type { Meaning } from '../../../shared/catalog/nameDecoder.ts'
import { factText } from '../../words/facts.ts'
import { locale } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export function meaningText(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'known':
      return factText(meaning.text)
    case 'size': {
      const { experts, unit } = meaning
      // As many digits as the name has.
      const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 6 }).format(meaning.number)
      const each = t(`inspect.name.${unit}`, { number })
      return experts === null ? each : t('inspect.name.experts', { experts: String(experts), each })
    }
    case 'context':
      return t('inspect.name.context', { number: String(meaning.thousandTokens) })
    case 'version':
    case 'unknown':
      return t(`inspect.name.${meaning.kind}`)
    default:
      return meaning satisfies never
  }
}

// How an answer was written: speed, time to the first token, counts, and why it ended.
import type { Message } from '../../../shared/chats/types.ts'
import { durationText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export function Figures({ figures, finish }: Pick<Message, 'figures' | 'finish'>) {
  const words = figuresText({ figures, finish })
  return words === '' ? null : <p className="figures">{words}</p>
}

export function figuresText({ figures, finish }: Pick<Message, 'figures' | 'finish'>): string {
  if (figures === null) return finish === null ? '' : t(`chat.figures.${finish}`)
  const { decodeTokensPerSecond, timeToFirstTokenMs, completionTokens, promptTokens } = figures
  return [
    ...(decodeTokensPerSecond > 0 ? [t('chat.figures.speed', { speed: speedText(decodeTokensPerSecond) })] : []),
    t('chat.figures.first', { time: durationText(timeToFirstTokenMs) }),
    [
      t('chat.figures.tokens', { count: completionTokens }),
      ...(finish === null ? [] : [t(`chat.figures.${finish}`)]),
    ].join(', '),
    t('chat.figures.prompt', { count: promptTokens }),
  ].join(' · ')
}

/** Three digits are enough. */
export function speedText(tokensPerSecond: number): string {
  return tokensPerSecond >= 100 ? Math.round(tokensPerSecond).toString() : tokensPerSecond.toFixed(1)
}

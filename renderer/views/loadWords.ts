import type { LoadProgress } from '../inference/protocol.ts'
import { bytesOf, durationText } from '../words/units.ts'
import { t } from '../words/words.ts'

/** What is happening while a model loads, with bytes and seconds once it takes long enough to wonder. */
export function loadText({ step, doneBytes, totalBytes, elapsedMs }: LoadProgress): string {
  const words = t(`shell.load.${step}`)
  if (elapsedMs < 1000) return words
  const amount = totalBytes > 0 ? `${bytesOf(doneBytes, totalBytes)}, ` : ''
  return `${words} ${amount}${durationText(elapsedMs)}`
}

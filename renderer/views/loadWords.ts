import { formatBytes, formatDuration } from '../../shared/units.ts'
import type { LoadProgress, LoadStep } from '../inference/protocol.ts'

const loadWords: Readonly<Record<LoadStep, string>> = {
  library: 'Starting the model …',
  reading: 'Reading the weights …',
  uploading: 'Moving the weights to the graphics memory …',
  programs: 'Preparing the graphics programs …',
}

/** What is happening while a model loads, with bytes and seconds once it takes long enough to wonder. */
export function loadText({ step, doneBytes, totalBytes, elapsedMs }: LoadProgress): string {
  if (elapsedMs < 1000) return loadWords[step]
  const amount = totalBytes > 0 ? `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}, ` : ''
  return `${loadWords[step]} ${amount}${formatDuration(elapsedMs)}`
}

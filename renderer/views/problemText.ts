// The sentences for expected failures: what happened, what to do about it, and the machine's own words.
import { formatBytes, formatCount } from '../../shared/units.ts'
import type { Problem } from '../inference/protocol.ts'

export interface ProblemText {
  readonly title: string
  readonly advice: string
  readonly detail: string
}

export function problemText(problem: Problem): ProblemText {
  const detail = 'detail' in problem ? problem.detail : ''
  switch (problem.code) {
    case 'no-webgpu':
      return {
        title: 'This window has no WebGPU',
        advice: 'Models run on WebGPU. Update the graphics driver and start Hearth again.',
        detail,
      }
    case 'no-adapter':
      return {
        title: 'No graphics adapter answered',
        advice:
          'Neither a graphics card nor the software adapter could be used. Close programs that use the graphics card, update its driver, or restart the computer; then try again.',
        detail,
      }
    case 'load-failed':
      return { title: 'The model could not be loaded', advice: 'Your text is kept. You can try again.', detail }
    case 'too-long':
      return {
        title: 'The message is longer than the model can read',
        advice: `It has ${formatCount(problem.promptTokens, 'token')}; about ${problem.limitTokens} fit beside a reply. Shorten it and send it again.`,
        detail,
      }
    case 'write-failed':
      return {
        title: 'The model stopped with an error',
        advice: 'Your text is kept. You can continue from here.',
        detail,
      }
    case 'device-lost':
      return {
        title: 'The graphics device keeps failing',
        advice:
          'It was lost three times in five minutes, so Hearth stopped trying. Your text is kept. Close programs that use the graphics card, then try again.',
        detail,
      }
    case 'damaged-file':
      return {
        title: 'A file of the model is damaged',
        advice: 'Nothing of it was used. Repair the model, or choose another one; the others are not affected.',
        detail: `${problem.file}, block ${problem.block}`,
      }
    case 'does-not-fit':
      return {
        title: 'The model needs more memory than there is for models',
        advice: `It takes ${formatBytes(problem.needBytes)}; models may take ${formatBytes(problem.budgetBytes)} together. Choose a smaller one, or allow more in the settings.`,
        detail: '',
      }
    default:
      return problem satisfies never
  }
}

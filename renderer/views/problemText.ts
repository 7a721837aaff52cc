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
    case 'context-full':
      return {
        title: 'The context is full',
        advice: `The conversation has ${formatCount(problem.promptTokens, 'token')}; ${problem.limitTokens} fit beside a reply, and nothing was to be left out. Let the oldest turns be forgotten, ask for a shorter reply, or start a new chat.`,
        detail,
      }
    case 'not-a-number':
      return {
        title: 'The model computed values that are no numbers',
        advice:
          'Its weights or the graphics driver are at fault, and more text would be meaningless. Your text is kept. Check the files of the model, update the graphics driver, or choose another model.',
        detail,
      }
    case 'bad-schema':
      return {
        title: 'The JSON schema cannot be used',
        advice: 'Nothing was written. Correct the schema, or turn it off.',
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
        detail: problem.block === null ? problem.file : `${problem.file}, block ${problem.block}`,
      }
    case 'does-not-fit':
      return {
        title: problem.what === 'memory' ? 'The model does not fit into memory' : 'A part of the model is too large',
        advice: doesNotFitAdvice(problem),
        detail,
      }
    default:
      return problem satisfies never
  }
}

function doesNotFitAdvice({ what, needBytes, haveBytes, contextTokens }: Extract<Problem, { code: 'does-not-fit' }>) {
  if (what === 'buffer')
    return `It needs a buffer of ${formatBytes(needBytes)}; this graphics adapter takes up to ${formatBytes(haveBytes)}. A smaller model of the family may work.`
  const numbers = `It needs ${formatBytes(needBytes)}; ${formatBytes(haveBytes)} are there for models.`
  return contextTokens === null
    ? `${numbers} A smaller model of the family may fit.`
    : `${numbers} With a context of ${formatCount(contextTokens, 'token')} it would fit.`
}

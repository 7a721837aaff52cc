// The sentences for what goes wrong with models on their way and on the disk: what happened, what a person can do, and the machine's own words.
import { problemSentence, type ServiceProblem } from '../../shared/problems.ts'
import { formatBytes, formatDuration } from '../../shared/units.ts'
import { RequestFailed } from '../ipc.ts'
import type { ProblemText } from './problemText.ts'

/** Which button helps. hub-page: the publisher's page on the Hub, which the person opens in a browser. */
export type NextStep = 'try-again' | 'settings' | 'hub-page' | 'free-space' | 'repair' | 'none'

export interface ServiceProblemText extends ProblemText {
  readonly step: NextStep
  /** Whose page on the Hub the advice speaks of; null where it speaks of none. */
  readonly page: string | null
}

/** Of anything that a request threw. */
export function failureText(error: unknown): ServiceProblemText {
  if (error instanceof RequestFailed && error.problem !== null) return serviceProblemText(error.problem)
  const detail = error instanceof Error ? error.message : String(error)
  return {
    title: 'Something went wrong inside Hearth',
    advice: 'Nothing was changed. Try again; if it happens once more, start Hearth again.',
    detail,
    step: 'try-again',
    page: null,
  }
}

export function serviceProblemText(problem: ServiceProblem): ServiceProblemText {
  const detail = problemSentence(problem)
  const page = problem.code === 'gated' ? problem.name : null
  const text = (title: string, advice: string, step: NextStep): ServiceProblemText => {
    return { title, advice, detail, step, page }
  }
  switch (problem.code) {
    case 'bad-name':
      return text(
        'That names no repository',
        'A repository is written publisher/name, for example mosaicml/mpt-7b-chat, or pasted as the address of its page.',
        'none',
      )
    case 'missing':
      return text(
        `There is no such ${problem.what}, or it is private`,
        'Check the spelling. For a private repository a token that may read it is set in Settings.',
        'settings',
      )
    case 'gated':
      return problem.withToken
        ? text(
            'The publisher asks for agreement first',
            'Sign in on the Hub, open the page of the model and accept its terms there with the account of your token; then try again. Some publishers look at each request, which takes a while.',
            'hub-page',
          )
        : text(
            'The publisher asks for agreement first',
            'Sign in on the Hub, open the page of the model and accept its terms there. Then make a token in the settings of the Hub and put it into Settings here.',
            'settings',
          )
    case 'disabled':
      return text(
        'The Hub has disabled this repository',
        'Another copy of the model may exist: search for its name.',
        'none',
      )
    case 'token-refused':
      return text(
        'The Hub refuses the token',
        'It is wrong, has expired or may not read this repository. Put another one into Settings, or remove it there.',
        'settings',
      )
    case 'rate-limited':
      return text(
        'The Hub asks for fewer requests',
        problem.retryAfterSeconds === null
          ? 'Wait some minutes and try again. A token in Settings raises the limit.'
          : `It answers again in ${formatDuration(problem.retryAfterSeconds * 1000)}. A token in Settings raises the limit.`,
        'try-again',
      )
    case 'link-expired':
      return text('The link to the file has expired', 'A new one is asked for. Try again.', 'try-again')
    case 'offline':
      return text(
        `No connection to ${problem.host}`,
        'Check the network; behind a proxy, set its address in Settings. What was downloaded is kept, and installed models go on working.',
        'try-again',
      )
    case 'server':
      return text(
        `${problem.host} has a problem`,
        'It answered with an error of its own. Try again in some minutes; what was downloaded is kept.',
        'try-again',
      )
    case 'changed':
      return text(
        'The publisher changed the files meanwhile',
        'Files of two versions are never mixed. Try again to get the newest version whole.',
        'try-again',
      )
    case 'unexpected':
      return text(
        `${problem.host} gave an answer that no Hub gives`,
        'Often that is the login page of a network: open any page in a browser and sign in. Otherwise check the address of the Hub in Settings.',
        'settings',
      )
    case 'switched-off':
      return text(
        'Offline mode is on',
        'Hearth sends nothing while it is on. Turn it off in Settings to look at repositories and download; everything on this computer works without it.',
        'settings',
      )
    case 'wrong-bytes':
      return text(
        'A file is not what it should be',
        'Its bytes do not have the expected checksum, so it is not used. Repairing fetches just what is wrong.',
        'repair',
      )
    case 'disk-full':
      return text(
        'The disk has too little space',
        `${formatBytes(problem.needBytes)} are needed and ${formatBytes(problem.freeBytes)} are free. Delete models you no longer use, or move the models folder to another disk.`,
        'free-space',
      )
    case 'store-in-use':
      return text(
        'Another Hearth uses the models folder',
        'Close it, or wait until it has finished; then try again.',
        'try-again',
      )
    case 'store-unusable':
      return text(
        'The models folder cannot be used',
        'It cannot be read or written, or a newer Hearth made it. Check the folder in Settings.',
        'settings',
      )
    case 'not-installed':
      return text('That is not there any more', 'It may have been deleted or moved. Choose it again.', 'none')
    case 'does-not-compile':
      return text(
        'Hearth cannot compile this',
        'Its files are not of a kind that Hearth understands. Another version of the model may be.',
        'none',
      )
    case 'already-installed':
      return text('It is installed already', 'Find it among the installed models.', 'none')
    case 'stopped-itself':
      return text(
        'The work ended by itself',
        'Often memory was short. Close other programs and try again; what was downloaded is kept.',
        'try-again',
      )
    case 'chats-read-only':
      return text(
        'Chats can be read, not changed',
        'A newer Hearth wrote them. Read and export them here; to write, start the newer Hearth.',
        'none',
      )
    case 'chats-unusable':
      return text(
        'Chats cannot be read or written',
        'Check that the disk is there and that Hearth may write to its data folder; then try again.',
        'try-again',
      )
    case 'chats-damaged':
      return text(
        'The file with the chats was damaged',
        'It was set aside and everything that could be saved is back. Look whether the newest messages are there; then try again.',
        'try-again',
      )
    case 'chats-in-use':
      return text('Another Hearth has the chats open', 'Close it; then try again.', 'try-again')
    case 'chats-gone':
      return text(`This ${problem.what} is not there any more`, 'It was removed meanwhile.', 'none')
    case 'chats-conflict':
      return text(
        'This message is different on the disk',
        'Nothing was overwritten. Open the chat again to see what was kept.',
        'none',
      )
    case 'no-chats-in-file':
      return text(
        'No chats were found in this file',
        'Hearth reads the conversations.json of a ChatGPT export and its own exports. Unpack an archive first.',
        'none',
      )
    case 'not-saved':
      return text(
        'The file was not saved',
        'Choose another folder: this one cannot be written to, or its disk is full.',
        'none',
      )
    default:
      return problem satisfies never
  }
}

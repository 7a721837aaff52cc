// A job on the terminal: a bar that redraws itself, else a line whenever its stage changes or a tenth is done; for programs a JSON object per line.
import type { Job } from '../../shared/jobs.ts'
import { problemSentence } from '../../shared/problems.ts'
import { formatBytes, formatDuration } from '../../shared/units.ts'
import type { Terminal } from './terminal.ts'

const barWidth = 30

export interface JobDisplay {
  report(job: Job): void
  /** Clears the bar. */
  end(): void
}

export function createJobDisplay(terminal: Terminal, json: boolean): JobDisplay {
  let shown = ''
  const once = (text: string) => {
    if (text === shown) return
    shown = text
    terminal.say(text)
  }
  return {
    report(job) {
      if (json) void terminal.write(`${JSON.stringify(job)}\n`)
      else if (terminal.redraw !== null) terminal.redraw(jobLine(job))
      else if (job.waiting !== null) once(`waiting: ${problemSentence(job.waiting.problem)}`)
      else once(`${job.stage} ${Math.floor(fractionOf(job) * 10) * 10} %`)
    },
    end: () => (json ? undefined : terminal.redraw?.('')),
  }
}

export function jobLine(job: Job): string {
  if (job.waiting !== null) return `waiting: ${problemSentence(job.waiting.problem)}`
  const { stage, doneBytes, totalBytes, speedBytesPerSecond, remainingMs, compileFraction } = job
  const fraction = fractionOf(job)
  const filled = Math.round(fraction * barWidth)
  const parts = [
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${`${Math.floor(fraction * 100)}`.padStart(3)} %  ${stage}`,
    totalBytes === null ? formatBytes(doneBytes) : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`,
    speedBytesPerSecond === null ? '' : `${formatBytes(speedBytesPerSecond)}/s`,
    remainingMs === null ? '' : `${formatDuration(remainingMs)} left`,
    compileFraction === null || stage === 'compiling' ? '' : `compiled ${Math.floor(compileFraction * 100)} %`,
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function fractionOf({ stage, doneBytes, totalBytes, compileFraction }: Job): number {
  if (stage === 'compiling') return compileFraction ?? 0
  return totalBytes === null || totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes)
}

// Progress on stderr: a bar that redraws itself on a terminal, else a line per tenth, so that logs stay short.
import type { CompileProgress } from '../../shared/compiler/compile.ts'
import type { Terminal } from './terminal.ts'

const barWidth = 30
const redrawMs = 100
const stepNames = { inputs: 'reading', weights: 'weights', libraries: 'libraries' } as const

export interface ProgressDisplay {
  readonly report: (progress: CompileProgress) => void
  /** Clears the bar; what is said next starts on an empty line. */
  readonly end: () => void
}

/** Shows progress on the terminal's error stream. */
export function createProgress({ say, redraw }: Pick<Terminal, 'say' | 'redraw'>): ProgressDisplay {
  const startMs = performance.now()
  let shownMs = Number.NEGATIVE_INFINITY
  let shownTenth = -1
  return {
    report: (progress) => {
      const nowMs = performance.now()
      const tenth = Math.floor(fractionOf(progress) * 10)
      if (redraw === null) {
        if (tenth === shownTenth) return
        shownTenth = tenth
        say(`${stepNames[progress.step]} ${tenth * 10} %`)
      } else if (nowMs - shownMs >= redrawMs || progress.step === 'libraries') {
        shownMs = nowMs
        redraw(progressLine(progress, nowMs - startMs))
      }
    },
    end: () => redraw?.(''),
  }
}

/** The bar, the share done, what is being done and how fast. */
export function progressLine(progress: CompileProgress, elapsedMs: number): string {
  const fraction = fractionOf(progress)
  const filled = Math.round(fraction * barWidth)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
  const speed = elapsedMs > 0 ? progress.doneBytes / 1000 / elapsedMs : 0
  const percent = `${Math.floor(fraction * 100)}`.padStart(3)
  return `${bar} ${percent} %  ${stepNames[progress.step].padEnd(9)}  ${speed.toFixed(0)} MB/s`
}

function fractionOf({ doneBytes, totalBytes }: CompileProgress): number {
  return totalBytes === 0 ? 0 : Math.min(1, doneBytes / totalBytes)
}

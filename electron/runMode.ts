// `hearth run`: the command line starts the app with a request and reads reports from its standard output, one line each.
import type { Writable } from 'node:stream'
import { type RunReport, type RunRequest, runRequest } from '../shared/ipc.ts'

export const runSwitch = '--hearth-run='
/** Starts each report; lines without it are Chromium's. U+001E is the record separator. */
export const reportPrefix = '\u001eHEARTH '

export type Mode =
  | { readonly kind: 'window' }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'refused'; readonly message: string }

/** What the command line asks for: `--hearth-run=<base64url of a RunRequest in JSON>`, or the window. */
export function modeOf(commandLine: readonly string[]): Mode {
  const encoded = commandLine.findLast((argument) => argument.startsWith(runSwitch))?.slice(runSwitch.length)
  if (encoded === undefined) return { kind: 'window' }
  const decoded = runRequest.safeParse(parseJson(Buffer.from(encoded, 'base64url').toString('utf8')))
  if (decoded.success) return { kind: 'run', request: decoded.data }
  const issue = decoded.error.issues[0]
  return { kind: 'refused', message: `run request: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}` }
}

export function reportLine(report: RunReport): string {
  return `${reportPrefix}${JSON.stringify(report)}\n`
}

/** Writes reports to `output` and ends the app, once the last one is written, through `exit`. A reader that went away ends it too. */
export function startReporting(output: Writable, exit: (code: number) => void): (report: RunReport) => void {
  output.on('error', () => exit(1))
  return (report) => {
    const code = exitCodeOf(report)
    output.write(reportLine(report), () => {
      if (code !== null) exit(code)
    })
  }
}

/** The exit code that a report ends the app with: 0 done, 1 failed; `null` while it goes on. */
export function exitCodeOf(report: RunReport): number | null {
  switch (report.kind) {
    case 'text':
    case 'notice':
      return null
    case 'done':
      return 0
    case 'failed':
      return 1
    default:
      return report satisfies never
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

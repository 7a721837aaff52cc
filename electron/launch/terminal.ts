// Where the command line writes: results to stdout with back-pressure, everything else to stderr, one line each.
import type { Writable } from 'node:stream'
import type { Say } from './subprocess.ts'

export interface Terminal {
  /** Writes a result or model text; resolves when it is out, to false when the reader has gone away. */
  readonly write: (text: string) => Promise<boolean>
  readonly say: Say
  /** Replaces the line the cursor stands on; null when stderr is no terminal. */
  readonly redraw: ((line: string) => void) | null
}

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean }

/** On a terminal, control characters of the model's text are dropped: they could move the cursor or retitle the window. */
export function createTerminal(output: Output, errors: Output): Terminal {
  let open = true
  output.on('error', () => {
    open = false
  })
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (!open) resolve(false)
        else output.write(output.isTTY ? withoutControls(text) : text, (error) => resolve(open && !error))
      }),
    say: (line) => void errors.write(`hearth: ${oneLine(line)}\n`),
    redraw: errors.isTTY ? (line) => void errors.write(`\r\u001b[K${line}`) : null,
  }
}

/** Errors come from many places, some in several lines; a person and a log get one. */
export function oneLine(text: string): string {
  return withoutControls(text.trim().replaceAll(/\s*\n\s*/g, '; '))
}

/** C0 and C1 control characters but for tab and newline, and the bidirectional overrides. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu, '')
}

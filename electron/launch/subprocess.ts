// Running other programs: their output as text, or their streams passed through, and what a person is told when one fails.
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, existsSync, constants as fileConstants } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Says one line to the person who started the program. */
export type Say = (line: string) => void

/** A preparation that cannot succeed on this machine; the message says what to do. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}

/** The repository's folder. */
export const rootFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
/** Downloads and installed test machinery; ignored by git, safe to delete. */
export const cacheFolder = join(rootFolder, '.cache')

export interface Finished {
  /** Exit code; 128 + number when a signal ended it, as a shell reports it. */
  readonly code: number
  readonly output: string
  readonly errors: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs?: number
  /** Through the system's shell, which takes the arguments apart: only for arguments without spaces and signs. */
  readonly shell?: boolean
}

/** Runs a program to its end and returns what it printed; a program that cannot be started counts as exit code 127. */
export async function capture(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { timeoutMs, ...rest } = options
  const child = spawn(command, args, {
    ...rest,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
  })
  const output: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 127, output: '', errors: error.message }))
    child.on('close', (code, signal) =>
      resolve({
        code: code ?? signalCode(signal),
        output: Buffer.concat(output).toString(),
        errors: Buffer.concat(errors).toString(),
      }),
    )
  })
}

/** Runs a program on this terminal and returns its exit code. Being told to end ends it too; Ctrl-C reaches it from the terminal. */
export async function passThrough(command: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: 'inherit' })
  const end = () => void child.kill('SIGTERM')
  const signals = ['SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  try {
    return await exitCode(child)
  } finally {
    for (const signal of signals) process.off(signal, end)
  }
}

/** Exit code of a running child, 128 + number when a signal ended it. */
export async function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? signalCode(signal)))
  })
}

/** First program of that name on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name)
    if (folder !== '' && existsSync(file) && isExecutable(file)) return file
  }
  return null
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, fileConstants.X_OK)
    return true
  } catch {
    return false
  }
}

function signalCode(signal: NodeJS.Signals | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal]
}

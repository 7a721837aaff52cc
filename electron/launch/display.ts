// A display for machines without one: an Xvfb of our own, on a number the server picks, readable only with a cookie that only this run knows.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installPackages } from './debian.ts'
import { findProgram, LaunchError, type Say } from './subprocess.ts'

// -noreset: a reset between two windows would refuse the second one.
const serverArguments = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset']

export interface Display {
  /** Environment variables a program needs to reach it. */
  readonly env: Readonly<Record<string, string>>
  readonly dispose: () => Promise<void>
}

/** True when windows have somewhere to appear: always but on Linux without X and Wayland. */
export function hasDisplay(env: NodeJS.ProcessEnv = process.env): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
}

/** Starts Xvfb (1280 x 900, 24 bits) and waits until it accepts connections. It ends with dispose or with this process. */
export async function startDisplay(say: Say): Promise<Display> {
  if (findProgram('Xvfb') === null) await installPackages(['xvfb'], 'a virtual display', say)
  const folder = mkdtempSync(join(tmpdir(), 'hearth-display-'))
  const authority = join(folder, 'authority')
  writeFileSync(authority, authorityEntry(randomBytes(16)), { mode: 0o600 })
  // setpriv (util-linux) lets the server end with this process however that ends.
  const tied = findProgram('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'TERM']
  const [program = '', ...args] = [...tied, 'Xvfb', ...serverArguments, '-auth', authority]
  const server = spawn(
    program,
    args,
    // Its own session: Ctrl-C on the terminal must reach the app before the display goes away.
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true },
  )
  const stop = () => {
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', stop)
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const numberPipe = server.stdio[3] as Socket
  const number = await readNumber(numberPipe, ended)
  if (number === null) {
    stop()
    throw new LaunchError('Xvfb did not start; set DISPLAY to a display of your own and start again')
  }
  say(`No display: the window opens on a virtual one (Xvfb :${number})`)
  server.unref()
  numberPipe.unref()
  return {
    env: { DISPLAY: `:${number}`, XAUTHORITY: authority },
    dispose: async () => {
      process.off('exit', stop)
      server.ref()
      stop()
      await ended
    },
  }
}

/** One line of an Xauthority file, big-endian: family, then address, display number, name and data, each with a 2-byte length. The family 0xffff
 * with empty address and number matches every display. */
function authorityEntry(cookie: Buffer): Buffer {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
  const empty = Buffer.alloc(0)
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(empty),
    field(empty),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(cookie),
  ])
}

/** The server writes its number, then a newline, once it listens. */
async function readNumber(stream: Socket, ended: Promise<void>): Promise<number | null> {
  const written = new Promise<number>((resolve) => {
    let text = ''
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.endsWith('\n')) resolve(Number(text))
    })
  })
  return Promise.race([written, ended.then(() => null)])
}

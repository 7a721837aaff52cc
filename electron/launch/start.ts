// `npm start`: builds the app when needed, prepares the runtime, opens the window and waits until it closes. `--dev` reloads the page as files change.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { reloadSwitch } from '../reload.ts'
import { buildWhenStale, rebuildOnChange } from './build.ts'
import { prepareRuntime } from './runtime.ts'
import { exitCode, LaunchError, rootFolder, type Say } from './subprocess.ts'

const say: Say = (line) => process.stdout.write(`${line}\n`)

/** Starts the app with further arguments passed on; resolves to its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return args[0] === '--dev' ? await develop(args.slice(1)) : await start(args)
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    process.stderr.write(`hearth: ${error.message}\n`)
    return 1
  }
}

// `return await` below: the runtime is disposed of when the function returns, and that must be after the app has ended.
async function start(args: readonly string[]): Promise<number> {
  await buildWhenStale(say)
  await using runtime = await disposable()
  say('Opening Hearth')
  return await untilClosed(runtime.executable, [...runtime.flags, rootFolder, ...args], runtime.env)
}

async function develop(args: readonly string[]): Promise<number> {
  await buildWhenStale(say)
  await using runtime = await disposable()
  using _rebuilding = rebuildOnChange(say)
  say('Opening Hearth; the page reloads as files change, the main process when it is started again')
  const line = [...runtime.flags, rootFolder, `--${reloadSwitch}`, ...args]
  return await untilClosed(runtime.executable, line, runtime.env)
}

async function disposable() {
  const runtime = await prepareRuntime({ say })
  return { ...runtime, [Symbol.asyncDispose]: runtime.dispose }
}

/** Waits for the app; Ctrl-C and termination of the launcher end it, then the launcher cleans up. */
async function untilClosed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { cwd: rootFolder, env, stdio: ['inherit', 'inherit', 'pipe'] })
  // Chromium reports a missing message bus several times a second; nothing here uses one.
  createInterface(child.stderr).on('line', (line) => {
    if (!line.includes(':ERROR:dbus/')) process.stderr.write(`${line}\n`)
  })
  const end = () => child.kill('SIGTERM')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, end)
  try {
    return await exitCode(child)
  } finally {
    for (const signal of signals) process.off(signal, end)
  }
}

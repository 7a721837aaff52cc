// A process that opens the models folder its settings name, moves it and ends. Told to, it kills itself at the nth thing it does to the disk, before or after
// doing it. Arguments: data folder, new folder, which thing (0: none), before or after. Prints how many things it did.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const moveRigFile = fileURLToPath(import.meta.url)

if (process.argv[1] === moveRigFile) {
  const [home = '', to = '', at = '0', when = 'before'] = process.argv.slice(2)
  await run(home, to, Number(at), when)
}

async function run(home: string, to: string, at: number, when: string): Promise<void> {
  let done = 0
  const strike = () => process.kill(process.pid, 'SIGKILL')
  const names = ['open', 'mkdir', 'rename', 'link', 'symlink', 'rm', 'rmdir', 'readdir', 'statfs'] as const
  const promises = fs.promises as unknown as Record<string, (...args: never[]) => Promise<unknown>>
  for (const name of names) {
    const original = promises[name]
    if (original === undefined) throw new Error(name)
    promises[name] = async (...args) => {
      done += 1
      const isNow = done === at
      if (isNow && when === 'before') strike()
      try {
        return await original.apply(promises, args)
      } finally {
        if (isNow) strike()
      }
    }
  }
  const sync = fs as unknown as Record<string, (...args: never[]) => unknown>
  for (const name of ['writeFileSync', 'renameSync', 'mkdirSync', 'statSync'] as const) {
    const original = sync[name]
    if (original === undefined) throw new Error(name)
    sync[name] = (...args) => {
      done += 1
      const isNow = done === at
      if (isNow && when === 'before') strike()
      try {
        return original.apply(fs, args)
      } finally {
        if (isNow) strike()
      }
    }
  }
  syncBuiltinESMExports()
  const [{ createStore }, { moveStore, settleMove }, { modelsFolderOf }, { hearthPaths }, { openSettings }] =
    await Promise.all([
      import('../../electron/services/store/createStore.ts'),
      import('../../electron/services/store/moveFolder.ts'),
      import('../../electron/services/modelsFolder.ts'),
      import('../../electron/services/paths.ts'),
      import('../../electron/services/settings.ts'),
    ])
  const settings = openSettings(join(home, 'settings.json'))
  const paths = hearthPaths({ HEARTH_HOME: home })
  done = 0
  {
    await using store = await createStore({ folder: modelsFolderOf(settings.read(), paths) })
    await settleMove(store.folder, home)
    const switchTo = (modelsFolder: string) => settings.write({ modelsFolder })
    await moveStore({ store, to, owner: home, switchTo }, new AbortController().signal)
  }
  await using store = await createStore({ folder: modelsFolderOf(settings.read(), paths) })
  const isSettled = await settleMove(store.folder, home)
  process.stdout.write(`${JSON.stringify({ done, isSettled })}\n`)
}

/** Runs it; what it printed, and what ended it if it was not itself. */
export function runMoveRig(
  args: readonly string[],
): Promise<{ readonly signal: NodeJS.Signals | null; readonly output: string }> {
  const child = spawn(process.execPath, [moveRigFile, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, ended) => {
      if (code === 0 || ended === 'SIGKILL') resolve({ signal: ended, output })
      else reject(new Error(`the process that moves ended with ${code}: ${errors}`))
    })
  })
}

// The command line: text and tables on stdout, everything else in lines on stderr; exit codes 0 done, 1 failed, 2 wrong arguments, 130 stopped.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, parseCommand, UsageError } from './arguments.ts'
import { helpTexts } from './help.ts'
import { rootFolder } from './subprocess.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** Runs one command; resolves to its exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = createTerminal(process.stdout, process.stderr)
  const interrupt = new AbortController()
  const stop = () => interrupt.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  try {
    return await execute(parseCommand(args), terminal, interrupt.signal)
  } catch (error) {
    if (interrupt.signal.aborted) return 130
    terminal.say(error instanceof Error ? error.message : String(error))
    return error instanceof UsageError ? 2 : 1
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

async function execute(command: Command, terminal: Terminal, signal: AbortSignal): Promise<number> {
  switch (command.kind) {
    case 'help':
      await terminal.write(helpTexts[command.topic])
      return 0
    case 'version':
      await terminal.write(`${version()}\n`)
      return 0
    // Loaded when asked for: the compiler need not be read to print a version.
    case 'list': {
      const [{ listModels, listProblems }, { modelJson, modelTable }] = await Promise.all([
        import('./models.ts'),
        import('./list.ts'),
      ])
      const models = await listModels()
      await terminal.write(command.json ? modelJson(models) : modelTable(models))
      for (const problem of await listProblems()) terminal.say(problem)
      return 0
    }
    case 'run':
      return (await import('./run.ts')).run(command.options, terminal, signal)
    case 'inspect':
      return (await import('./inspect.ts')).inspect(command.folder, terminal, signal)
    case 'compile':
      return (await import('./compile.ts')).compile(command.options, terminal, signal)
    case 'search':
    case 'show':
    case 'pull':
    case 'verify':
    case 'rm':
      return (await import('./modelCommands.ts')).runModelCommand(command, terminal, signal)
    case 'doctor': {
      const [{ doctor }, { listProblems }] = await Promise.all([import('./doctor.ts'), import('./models.ts')])
      const parts = { environment: process.env, version: version(), libraryProblems: listProblems }
      return await doctor(parts, command, terminal, signal)
    }
    default:
      return command satisfies never
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}

// First stage of every entry point, plain JavaScript for Node 20 and newer: the rest is TypeScript that Node 24 runs as it is. Node 24 comes from
// the devDependency `node`, so nobody has to install it.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const wantedMajor = 24
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const nodePackage = join(root, 'node_modules', 'node')

/**
 * Runs `main(args)` of a module beside this file on Node 24, in this process or in a child with the same arguments and streams; the exit code is
 * what main resolves to.
 * @param {string} module file name of the module, for example `start.ts`
 * @param {string} entry path of the first-stage file, started again under Node 24
 */
export async function onNode24(module, entry) {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) {
    const { main } = await import(new URL(module, import.meta.url).href)
    process.exitCode = await main(process.argv.slice(2))
    return
  }
  const executable = node24Executable()
  if (executable === null || process.env.HEARTH_NODE_STAGE === '2') {
    process.stderr.write(
      `hearth: Node ${wantedMajor} or newer is needed and this is ${process.versions.node}: run npm ci\n`,
    )
    process.exitCode = 1
    return
  }
  const child = spawn(executable, [entry, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, HEARTH_NODE_STAGE: '2' },
  })
  // Ctrl-C reaches the child by itself; this process only waits for it.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 128 + constants.signals[signal])))
  })
}

/** Path of the Node 24 binary in node_modules; fetched by the package's own script when install scripts were switched off. Null when impossible. */
function node24Executable() {
  const executable = join(nodePackage, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(executable)) return executable
  if (!existsSync(nodePackage)) return null
  process.stderr.write('hearth: fetching Node 24 (npm package node)\n')
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: nodePackage,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return existsSync(executable) ? executable : null
}

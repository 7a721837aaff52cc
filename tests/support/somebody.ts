// An ordinary user for tests that run as root: Chromium's sandbox is for ordinary users only.
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'] as const

/** Whether tests can run a program as an ordinary user who may make user namespaces. */
export function canBecomeSomebody(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  return spawnSync('setpriv', [...asNobody, 'unshare', '-U', 'true']).status === 0
}

/** A command line and environment that run a program as such a user, with a home folder of its own and the display of `env`. */
export function somebody(env: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'hearth-somebody-'))
  chmodSync(home, 0o777)
  const authority = join(home, 'authority')
  if (env.XAUTHORITY !== undefined) {
    copyFileSync(env.XAUTHORITY, authority)
    chmodSync(authority, 0o644)
  }
  return {
    command: 'setpriv',
    arguments: asNobody,
    env: {
      ...env,
      HOME: home,
      HEARTH_HOME: join(home, 'data'),
      ...(env.XAUTHORITY === undefined ? {} : { XAUTHORITY: authority }),
    },
    dispose: () => rmSync(home, { recursive: true, force: true }),
  }
}

// Where Hearth keeps its data: HEARTH_HOME, or the platform's place for application data.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface HearthPaths {
  readonly home: string
  /** Installed models: one folder per model, `publisher/name`. */
  readonly models: string
}

export interface PathEnvironment {
  readonly HEARTH_HOME?: string | undefined
  readonly XDG_DATA_HOME?: string | undefined
  readonly APPDATA?: string | undefined
}

/** Folders that may not exist yet. */
export function hearthPaths(
  environment: PathEnvironment,
  platform: NodeJS.Platform = process.platform,
  userHome: string = homedir(),
): HearthPaths {
  const home = resolve(
    environment.HEARTH_HOME || join(dataFolder(environment, platform, userHome), folderName(platform)),
  )
  return { home, models: join(home, 'models') }
}

function dataFolder(environment: PathEnvironment, platform: NodeJS.Platform, userHome: string): string {
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support')
  if (platform === 'win32') return environment.APPDATA || join(userHome, 'AppData', 'Roaming')
  return environment.XDG_DATA_HOME || join(userHome, '.local', 'share')
}

function folderName(platform: NodeJS.Platform): string {
  return platform === 'darwin' || platform === 'win32' ? 'Hearth' : 'hearth'
}

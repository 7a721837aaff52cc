// `hearth doctor`: what this computer has and whether Hearth's folders are sound. Asks no network, changes nothing, and never prints a token or a password.
import { existsSync, readFileSync } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { HardwareReport } from '../../shared/hardware.ts'
import { hardwareText } from '../../shared/hardwareText.ts'
import type { SettingsView } from '../../shared/settings.ts'
import { formatBytes, formatCount } from '../../shared/units.ts'
import { diskOf } from '../services/hardware/disk.ts'
import { createHardware } from '../services/hardware/hardware.ts'
import { checkModelsFolder, modelsFolderOf } from '../services/modelsFolder.ts'
import { hearthPaths } from '../services/paths.ts'
import { createPreferences } from '../services/preferences.ts'
import { openSettings } from '../services/settings.ts'
import { type Amount, examineStore, type StoreExamination } from '../services/store/examine.ts'
import { facts } from './table.ts'
import type { Terminal } from './terminal.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface DoctorParts {
  readonly environment: Environment
  readonly version: string
  /** What keeps folders from being models, one line each. */
  readonly libraryProblems: () => Promise<readonly string[]>
  readonly readHardware?: (modelsFolder: string, probesFile: string, signal: AbortSignal) => Promise<HardwareReport>
}

export interface DoctorReport {
  readonly versions: Readonly<Record<'hearth' | 'node' | 'sqlite', string>>
  readonly folders: readonly FolderReport[]
  readonly hardware: HardwareReport
  /** null where a setting is wrong. */
  readonly settings: SettingsView | null
  readonly store: StoreExamination
  /** A sentence for each thing that is wrong. */
  readonly problems: readonly string[]
}

interface FolderReport {
  readonly name: 'data' | 'models'
  readonly path: string
  readonly exists: boolean
  /** Or can be made. */
  readonly isWritable: boolean
  readonly freeBytes: number
}

/** Resolves to 0 when everything is sound, to 1 when something is wrong. */
export async function doctor(
  parts: DoctorParts,
  { json }: { readonly json: boolean },
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const report = await examine(parts, signal)
  await terminal.write(json ? `${JSON.stringify(report, null, 2)}\n` : doctorText(report))
  if (!json) for (const problem of report.problems) terminal.say(problem)
  return report.problems.length === 0 ? 0 : 1
}

/** Everything, gathered. Rejects only with the signal's reason. */
export async function examine(
  { environment, version, libraryProblems, readHardware = hardwareOf }: DoctorParts,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const paths = hearthPaths(environment)
  const settingsFile = join(paths.home, 'settings.json')
  const saved = openSettings(settingsFile).read()
  const models = modelsFolderOf(saved, paths)
  const folders = [await folderReport('data', paths.home), await folderReport('models', models)]
  const store = await examineStore(models, signal)
  const settings = await settingsView(environment, paths.home, models).catch((error: Error) => error)
  return {
    versions: { hearth: version, node: process.versions.node, sqlite: sqliteVersion() },
    folders,
    hardware: await readHardware(models, join(paths.home, 'probes.json'), signal),
    settings: settings instanceof Error ? null : settings,
    store,
    problems: [
      ...folders.flatMap(({ path, isWritable }) => (isWritable ? [] : [`${path} cannot be written`])),
      ...problemOf(() => checkModelsFolder(saved, paths)),
      ...problemOf(() => existsSync(settingsFile) && JSON.parse(readFileSync(settingsFile, 'utf8'))).map(
        (detail) => `${settingsFile} cannot be read, and the usual settings count: ${detail}`,
      ),
      ...(settings instanceof Error ? [settings.message] : []),
      ...store.problems,
      ...(await libraryProblems()),
    ],
  }
}

/** For people. */
export function doctorText({ versions, folders, hardware, settings, store, problems }: DoctorReport): string {
  const sections = [
    facts([
      ['Hearth', versions.hearth],
      ['Node', versions.node],
      ['SQLite', versions.sqlite],
    ]),
    facts(
      folders.map(({ name, path, exists, isWritable, freeBytes }) => {
        const state = [exists ? null : 'not there yet', isWritable ? null : 'cannot be written'].filter(
          (one) => one !== null,
        )
        return [
          name === 'data' ? 'Data' : 'Models',
          [path, ...state, `${formatBytes(freeBytes)} free`].join(', '),
        ] as const
      }),
    ),
    settings === null ? '' : settingsText(settings),
    storeText(store),
    hardwareText(hardware),
    problems.length === 0 ? 'Nothing is wrong.\n' : `${formatCount(problems.length, 'thing')} wrong.\n`,
  ]
  return sections.filter((section) => section !== '').join('\n')
}

function settingsText({ hubEndpointInUse, proxyInUse, offline, token }: SettingsView): string {
  const tokens = {
    none: 'none',
    environment: 'in the environment',
    file: "in the file of Hugging Face's programs",
    stored: 'kept by the app, encrypted',
    memory: 'in the app until it ends',
  } as const
  return facts([
    ['Hub', hubEndpointInUse],
    ['Proxy', proxyInUse ?? 'none set; the app also asks the system'],
    ['Network', offline ? 'switched off' : 'allowed'],
    ['Token', tokens[token]],
  ])
}

function storeText({ models, content, missing, strays, parts, writer, movedWith }: StoreExamination): string {
  const amount = ({ count, sizeBytes }: Amount) =>
    count === 0 ? null : `${formatCount(count, 'file')}, ${formatBytes(sizeBytes)}`
  return facts([
    ['Installed', models === null ? 'nothing yet' : formatCount(models, 'model')],
    ['Content', amount(content)],
    ['Missing', amount(missing)],
    ['Unknown', amount(strays)],
    ['Downloads', amount(parts)],
    ['In use by', writer],
    ['Moving', movedWith],
  ])
}

async function folderReport(name: FolderReport['name'], path: string): Promise<FolderReport> {
  const exists = (await stat(path).catch(() => null))?.isDirectory() ?? false
  return { name, path, exists, isWritable: await canWrite(path), freeBytes: (await diskOf(path)).freeBytes }
}

/** To the folder, or to the nearest one above that is there. */
async function canWrite(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => error.code)
    if (typeof found !== 'string' && found !== undefined)
      return (
        found.isDirectory() &&
        (await access(folder, constants.W_OK).then(
          () => true,
          () => false,
        ))
      )
    if (found !== 'ENOENT' || dirname(folder) === folder) return false
  }
}

/** What the app goes by, but for the system's proxy, which only the app can ask for. */
async function settingsView(environment: Environment, home: string, modelsFolder: string): Promise<SettingsView> {
  const preferences = createPreferences({
    settings: openSettings(join(home, 'settings.json')),
    environment,
    // The app's own token is encrypted: that it is there is all that can be told.
    tokens: { read: () => (existsSync(join(home, 'token')) ? { token: '', state: 'stored' } : null), write: () => {} },
    systemProxy: async () => null,
    modelsFolder: () => modelsFolder,
    changed: () => {},
  })
  return await preferences.read()
}

async function hardwareOf(modelsFolder: string, probesFile: string, signal: AbortSignal): Promise<HardwareReport> {
  return await createHardware({ modelsFolder: () => modelsFolder, probesFile }).read(signal)
}

function sqliteVersion(): string {
  const database = new DatabaseSync(':memory:')
  try {
    return String(database.prepare('SELECT sqlite_version() AS version').get()?.version)
  } finally {
    database.close()
  }
}

function problemOf(check: () => unknown): readonly string[] {
  try {
    check()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

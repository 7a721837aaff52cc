// Kills a downloading process at random times, starts it again until it is done, and counts: wrong files, and bytes that came twice.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exposedBlocks } from '../../electron/services/download/saver.ts'
import { createStore } from '../../electron/services/store/createStore.ts'
import { sha256 } from '../hub/hubAnswer.ts'
import { type LocalFile, type LocalHub, type LocalRepository, startLocalHub } from '../hub/localHub.ts'

import { memoryFolder } from './memoryFolder.ts'

export interface KillReport {
  readonly kills: number
  /** Kills before the process had begun to download. */
  readonly early: number
  readonly downloads: number
  readonly wrongFiles: number
  /** Rows of the store without content, content without a row, parts that were left. */
  readonly disagreements: readonly string[]
  /** The most that one kill has cost, in blocks of the run. */
  readonly mostBlocksAgain: number
}

const child = fileURLToPath(new URL('./downloadChild.ts', import.meta.url))
const commit = 'c'.repeat(40)
const blockBytes = 65_536
const killsOfRun = 15
/** Three sizes: less than a block, some blocks and a rest, many blocks. */
const sizes = [20_000, 5 * blockBytes + 777, 24 * blockBytes]

/** Two downloads at a time. @param random the only source of chance */
export async function killDownloads(kills: number, random: () => number): Promise<KillReport> {
  const runs: Omit<KillReport, 'downloads'>[] = []
  let [left, started] = [kills, 0]
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const wanted = Math.min(left, killsOfRun)
      left -= wanted
      const run = await killOnce({ kills: wanted, connections: 1 + (started++ % 4), random })
      // It may have been done before.
      left += wanted - run.kills
      runs.push(run)
    }
  }
  await Promise.all([lane(), lane()])
  const sum = (field: 'kills' | 'early' | 'wrongFiles') => runs.reduce((total, run) => total + run[field], 0)
  return {
    kills: sum('kills'),
    early: sum('early'),
    downloads: runs.length,
    wrongFiles: sum('wrongFiles'),
    disagreements: runs.flatMap(({ disagreements }) => disagreements),
    mostBlocksAgain: Math.max(...runs.map((run) => run.mostBlocksAgain)),
  }
}

interface Run {
  readonly kills: number
  readonly connections: number
  readonly random: () => number
}

/** One repository into one folder, with kills until it is there. */
async function killOnce({ kills, connections, random }: Run): Promise<Omit<KillReport, 'downloads'>> {
  const folder = memoryFolder('hearth-kill-')
  const files: readonly LocalFile[] = sizes.map((size, index) => ({
    name: `file${index}.bin`,
    bytes: randomBytes(size),
    large: true,
  }))
  const repository: LocalRepository = { id: 'somebody/model', commit, files, branches: { main: commit } }
  try {
    await using local = await startLocalHub({ repositories: [repository], requestsLeft: Number.POSITIVE_INFINITY })
    slowDown(local)
    let [killed, early, mostBlocksAgain] = [0, 0, 0]
    for (;;) {
      const sentBefore = sentBytes(local)
      const keptBefore = keptBytes(folder, files)
      const isLast = killed >= kills
      const parameters = [local.state.hubOrigin, folder, repository.id, commit, `${blockBytes}`, `${connections}`]
      const end = await runChild(parameters, isLast ? null : killMoment(local, random))
      if (end.problem !== null) throw new Error(end.problem)
      if (end.isDone) break
      killed++
      if (!end.hasStarted) early++
      // What was asked for and is not kept comes again.
      const lost = sentBytes(local) - sentBefore - (keptBytes(folder, files) - keptBefore)
      mostBlocksAgain = Math.max(mostBlocksAgain, Math.ceil(lost / blockBytes))
    }
    return { kills: killed, early, mostBlocksAgain, ...(await judge(folder, files)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Content comes in pieces with pauses, so that a kill finds blocks under way. */
function slowDown(local: LocalHub): void {
  local.fault = ({ server, headers, url }, response) => {
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? 'bytes=0-') ?? []
    const file = local.state.repositories[0]?.files.find(({ bytes }) => url.includes(sha256(bytes)))
    if (server !== 'files' || file === undefined) return false
    const from = Number(first)
    const to = last ? Number(last) + 1 : file.bytes.byteLength
    response.writeHead(headers.range === undefined ? 200 : 206, {
      'content-length': to - from,
      ...(headers.range !== undefined && { 'content-range': `bytes ${from}-${to - 1}/${file.bytes.byteLength}` }),
    })
    const send = (position: number) => {
      if (response.destroyed) return
      if (position >= to) return void response.end()
      const end = Math.min(position + 16_384, to)
      response.write(file.bytes.subarray(position, end), () => setTimeout(send, 1, end))
      sent.set(local, sentBytes(local) + end - position)
    }
    send(from)
    return true
  }
}

const sent = new WeakMap<LocalHub, number>()
function sentBytes(local: LocalHub): number {
  return sent.get(local) ?? 0
}

/** Bytes that the next process will not ask for: whole blocks that the journals name, and content. */
function keptBytes(folder: string, files: readonly LocalFile[]): number {
  const kept = files.map(({ bytes }) => {
    const name = sha256(bytes)
    if (readdirSafely(join(folder, 'blobs')).includes(name)) return bytes.byteLength
    const journal = readSafely(join(folder, 'partial', `sha256-${name}.journal`))
    const blocks = new Set([...journal.matchAll(/^(\d+) [0-9a-f]{64}\n/gm)].map(([, block]) => Number(block)))
    return [...blocks].reduce((sum, block) => sum + Math.min(blockBytes, bytes.byteLength - block * blockBytes), 0)
  })
  return kept.reduce((sum, bytes) => sum + bytes, 0)
}

interface End {
  readonly isDone: boolean
  readonly hasStarted: boolean
  readonly problem: string | null
}

/** Calls back when the time has come. */
type Moment = (now: () => void) => () => void

/** After so many bytes, which no load of this computer moves, and some milliseconds; one in ten comes while the process starts. */
function killMoment(local: LocalHub, random: () => number): Moment {
  const isEarly = random() < 0.1
  const bytes = isEarly ? 0 : sentBytes(local) + Math.floor(random() * 10 * blockBytes)
  const delayMs = Math.floor(random() * (isEarly ? 150 : 20))
  return (now) => {
    let timer: NodeJS.Timeout | null = null
    const poll = setInterval(() => {
      if (timer === null && sentBytes(local) >= bytes) timer = setTimeout(now, delayMs)
    }, 1)
    return () => {
      clearInterval(poll)
      if (timer !== null) clearTimeout(timer)
    }
  }
}

const compiled = join(tmpdir(), `hearth-compiled-${process.pid}`)
process.once('exit', () => rmSync(compiled, { recursive: true, force: true }))

/** Without a moment it ends by itself. */
async function runChild(parameters: readonly string[], moment: Moment | null): Promise<End> {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled }
  const running = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child, ...parameters], { env })
  const lines: string[] = []
  running.stdout.on('data', (text) => lines.push(String(text)))
  running.stderr.on('data', (text) => lines.push(String(text)))
  let isKilled = false
  const stop = moment?.(() => {
    isKilled = running.kill('SIGKILL')
  })
  const [code] = await once(running, 'close')
  stop?.()
  const output = lines.join('')
  const isDone = output.includes('done')
  const hasStarted = output.includes('started')
  return { isDone, hasStarted, problem: isDone || isKilled ? null : `exit ${code}: ${output}` }
}

async function judge(
  folder: string,
  files: readonly LocalFile[],
): Promise<Pick<KillReport, 'wrongFiles' | 'disagreements'>> {
  await using store = await createStore({ folder })
  const disagreements: string[] = []
  let wrongFiles = 0
  for (const { bytes, name } of files) {
    const blob = store.blob({ kind: 'sha256', hex: sha256(bytes) })
    if (blob === null) disagreements.push(`${name} has no row`)
    else if (!readFileSync(blob.path).equals(bytes)) wrongFiles++
  }
  const blobs = readdirSync(join(folder, 'blobs'))
  for (const name of blobs) {
    if (
      createHash('sha256')
        .update(readFileSync(join(folder, 'blobs', name)))
        .digest('hex') !== name
    )
      wrongFiles++
    if (store.blob({ kind: 'sha256', hex: name }) === null) disagreements.push(`${name} without a row`)
  }
  for (const name of readdirSync(join(folder, 'partial'))) disagreements.push(`${name} was left`)
  return { wrongFiles, disagreements }
}

/** A kill costs at most what may be under way or unsaved. */
export const mostBlocks = exposedBlocks

function readdirSafely(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readSafely(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

// Faults of this computer: its disk, its clock, its sleep, and people who stop and start.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStore } from '../../../electron/services/store/createStore.ts'
import { asked, between, type FaultKind, type FaultRig, isContent, misbehave, reset } from './kinds.ts'

/** Parts lie elsewhere, made by `place`. */
function partsAt(rig: FaultRig, place: (part: string) => void): void {
  const folder = join(rig.folder, 'elsewhere')
  mkdirSync(folder, { recursive: true })
  let count = 0
  rig.store = {
    ...rig.store,
    partPaths() {
      const part = join(folder, `${count++}.part`)
      place(part)
      return { part, journal: `${part}.journal` }
    },
  }
}

function failing(rig: FaultRig, code: string): void {
  rig.store = {
    ...rig.store,
    publish: () => Promise.reject(Object.assign(new Error(`${code}: rename`), { code, syscall: 'rename' })),
  }
}

/** The clock is set, by up to three hours, again and again. */
function jump(rig: FaultRig): void {
  const { clock } = rig
  let offMs = 0
  rig.clock = {
    ...clock,
    now() {
      if (rig.random() < 0.2) offMs = between(rig, -3 * 3_600_000, 3 * 3_600_000)
      return clock.now() + offMs
    },
  }
}

export const machineFaults: readonly FaultKind[] = [
  {
    number: 29,
    name: 'a full disk',
    variants: [
      {
        name: '/dev/full',
        expected: 'disk-full',
        install: (rig) => partsAt(rig, (part) => symlinkSync('/dev/full', part)),
      },
      {
        name: 'not enough room from the first',
        expected: 'disk-full',
        install(rig) {
          rig.store = { ...rig.store, freeBytes: async () => between(rig, 0, 1000) }
        },
      },
    ],
  },
  {
    number: 30,
    name: 'a folder that cannot be written',
    variants: [
      {
        name: 'a folder in place of the part',
        expected: 'store-unusable',
        install: (rig) => partsAt(rig, (part) => mkdirSync(part)),
      },
      {
        name: 'links in a circle',
        expected: 'store-unusable',
        install: (rig) => partsAt(rig, (part) => symlinkSync(part, part)),
      },
      {
        name: 'a file in place of the folder',
        expected: 'store-unusable',
        install(rig) {
          const file = join(rig.folder, 'file')
          writeFileSync(file, '')
          const part = join(file, 'x.part')
          rig.store = { ...rig.store, partPaths: () => ({ part, journal: `${part}.journal` }) }
        },
      },
      ...['EACCES', 'EROFS', 'EMFILE'].map((code) => ({
        name: `${code} at the rename`,
        expected: 'store-unusable' as const,
        install: (rig: FaultRig) => failing(rig, code),
      })),
    ],
  },
  {
    number: 31,
    name: 'a clock that is set',
    variants: [
      {
        name: 'while connections break',
        expected: 'succeeds',
        install(rig) {
          jump(rig)
          misbehave(rig, isContent, (_request, response) => reset(response), between(rig, 3, 8))
        },
      },
      {
        name: 'with a limit of speed',
        expected: 'succeeds',
        install(rig) {
          rig.speedLimitBytesPerSecond = 20_000
          jump(rig)
        },
      },
    ],
  },
  {
    number: 33,
    name: 'stopped and started',
    variants: [
      {
        name: 'at any time',
        expected: 'succeeds',
        install() {},
        async run(rig, signal) {
          for (let stops = between(rig, 3, 8); stops > 0; stops--) {
            const stop = new AbortController()
            const timer = setTimeout(() => stop.abort(new Error('stopped')), between(rig, 0, 40))
            await rig.pull(stop.signal).catch((error: Error) => {
              if (error.message !== 'stopped') throw error
            })
            clearTimeout(timer)
          }
          await rig.pull(signal)
        },
      },
    ],
  },
  {
    number: 34,
    name: 'one file for two',
    variants: [
      {
        name: 'at once',
        expected: 'succeeds',
        install() {},
        async run(rig, signal) {
          await Promise.all([rig.pull(signal), rig.pull(signal)])
          const ranges = rig.local.seen.filter(isContent).map(({ headers }) => headers.range)
          if (new Set(ranges).size !== ranges.length) throw new Error(`fetched twice: ${ranges.join(' ')}`)
        },
      },
      {
        name: 'at once, one of them leaving',
        expected: 'succeeds',
        install() {},
        async run(rig, signal) {
          const stop = new AbortController()
          const leaving = rig.pull(stop.signal).catch((error: unknown) => error)
          const staying = rig.pull(signal)
          setTimeout(() => stop.abort(new Error('stopped')), between(rig, 0, 20))
          await Promise.all([leaving, staying])
        },
      },
    ],
  },
  {
    number: 35,
    name: 'two processes on one folder',
    variants: [
      {
        name: 'the second is refused',
        expected: 'store-in-use',
        install() {},
        async run({ storeFolder }) {
          await using _second = await createStore({ folder: storeFolder })
        },
      },
    ],
  },
  {
    number: 40,
    name: 'sleep',
    variants: [
      {
        name: 'of eight hours, after which every connection is dead',
        expected: 'succeeds',
        install(rig) {
          const { clock } = rig
          let sleptMs = 0
          rig.clock = { ...clock, now: () => clock.now() + sleptMs }
          misbehave(
            rig,
            isContent,
            (request, response) => {
              const { bytes, headers } = asked(request)
              response.writeHead(206, { ...headers, 'content-length': bytes.byteLength })
              response.write(bytes.subarray(0, between(rig, 0, bytes.byteLength - 1)), () => {
                sleptMs += 8 * 3_600_000
                reset(response)
              })
            },
            between(rig, 1, 4),
          )
        },
      },
    ],
  },
]

// Models > Browse in a page of its own, over a bridge that answers as a test wants it to.
import { render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { client } from '../../renderer/ipc.ts'
import { type BrowsePage, createCatalogue, type Surroundings } from '../../renderer/state/catalogue.ts'
import { Browse } from '../../renderer/views/models/Browse.tsx'
import { CatalogueContext } from '../../renderer/views/models/catalogueContext.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { InstallRequest } from '../../shared/jobs.ts'
import { fakeBridge } from './fakeBridge.ts'
import { inspectionReport } from './inspectionReport.ts'

export const machine: Machine = {
  target: 'half',
  memoryBytes: 8_000_000_000,
  largestBufferBytes: 4_000_000_000,
  bandwidthBytesPerSecond: 90_000_000_000,
}

export interface BrowseOptions {
  readonly page?: BrowsePage
  readonly surroundings?: Partial<Surroundings>
  readonly answers?: Parameters<typeof fakeBridge>[2]
}

/** Needs are not computed unless `computeNeeds` is called, for so many configurations: a test waits for nothing it does not look at. */
export function openBrowse({ page, surroundings = {}, answers = {} }: BrowseOptions = {}) {
  const installs: InstallRequest[] = []
  const shown: string[] = []
  const steps: (() => void)[] = []
  const catalogue = createCatalogue({
    call: client(
      fakeBridge(null, [], {
        'jobs.install': async (request) => {
          installs.push(request)
          return { ok: true, value: { jobId: 'a job' } }
        },
        'catalog.inspect': async () => ({ ok: true, value: inspectionReport() }),
        ...answers,
      }),
    ),
    drop: async ({ name }) => ({ ok: true, value: { token: 'a token', name } }),
    later: (step) => void steps.push(step),
    showDownloads: () => void shown.push('downloads'),
    showInstalled: () => void shown.push('installed'),
    showSettings: () => void shown.push('settings'),
    openModel: (key) => void shown.push(key),
  })
  catalogue.surroundings.setState({ machine, freeBytes: 120_000_000_000, ...surroundings })
  if (page !== undefined) catalogue.open(page)
  const view = render(
    <CatalogueContext value={catalogue}>
      <main>
        <Browse />
      </main>
    </CatalogueContext>,
  )
  const computeNeeds = (count: number) => {
    for (let index = 0; index < count; index++) steps.shift()?.()
  }
  return { catalogue, user: userEvent.setup(), view, installs, shown, computeNeeds }
}

/** What axe finds wrong in the page; colours are checked on the style sheet itself, because jsdom computes none. */
export async function violations(): Promise<readonly string[]> {
  const { violations: found } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
}

// Everything about models that needs the disk or the network, composed for one models folder: the models process of the app and the command line open it
// alike. One at a time may write to a folder.

import type { z } from 'zod'
import type { ModelMeasurement } from '../../shared/hardware.ts'
import type { FoundRepository, InspectionReport } from '../../shared/inspect/report.ts'
import type { InstallRequest, Job, jobMove } from '../../shared/jobs.ts'
import type { ForeignModel, LocalFolder, ModelRecord } from '../../shared/modelRecord.ts'
import type { LedgerEntry } from '../../shared/network.ts'

/** All reject with HubError or ServiceError, or with the signal's reason. */
export interface Models extends AsyncDisposable {
  records(): Promise<readonly ModelRecord[]>
  measured(measurement: ModelMeasurement): Promise<void>
  remove(key: string): Promise<{ readonly freedBytes: number }>
  locate(key: string): Promise<string | null>

  inspect(
    subject:
      | { readonly kind: 'repository'; readonly repository: string }
      | { readonly kind: 'folder'; readonly token: string },
    signal: AbortSignal,
  ): Promise<InspectionReport>
  search(text: string, signal: AbortSignal): Promise<readonly FoundRepository[]>
  /** A path stays here; the token names it from now on. */
  folder(path: string): Promise<LocalFolder>
  foreign(signal: AbortSignal): Promise<readonly ForeignModel[]>

  readonly jobs: Jobs
  /** Called whenever models came, went or changed. */
  watch(listener: () => void, signal: AbortSignal): void
  ledger(page: { readonly beforeId: number | null; readonly limit: number }): Promise<readonly LedgerEntry[]>
}

/** The queue: on the disk, so that it goes on where it was after a restart or a crash. */
export interface Jobs {
  list(): readonly Job[]
  /** Called with the whole list whenever it changed, at most a few times a second. */
  watch(listener: (jobs: readonly Job[]) => void, signal: AbortSignal): void
  install(request: InstallRequest): Promise<string>
  verify(key: string): Promise<string>
  repair(key: string): Promise<string>
  moveFolder(path: string): Promise<string>
  pause(id: string): Promise<void>
  resume(id: string): Promise<void>
  cancel(id: string): Promise<void>
  move(move: z.infer<typeof jobMove>): Promise<void>
  /** Resolves when the job is done; rejects with its problem when it failed or was cancelled. */
  finished(id: string, signal: AbortSignal): Promise<Job>
}

// The network ledger: every request the app ever made, for the person to read.

export interface LedgerEntry {
  /** Grows. */
  readonly id: number
  readonly startedAtMs: number
  readonly method: string
  readonly host: string
  /** Without a query: signed addresses are secrets. */
  readonly path: string
  /** What for, in words: `listing of meta-llama/Llama-2-7b-hf`. */
  readonly purpose: string
  /** Whether the token went along. */
  readonly withToken: boolean
  /** null: no answer. */
  readonly status: number | null
  readonly receivedBytes: number
  /** null while it goes on, or where the app ended before it did. */
  readonly durationMs: number | null
  /** Why there was no answer, or no whole one. */
  readonly problem: string | null
}

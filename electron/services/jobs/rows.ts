// What of a job is on the disk: enough to go on after a restart or a crash. A file's bytes are not in here; the store knows those.
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { installRequest, type JobKind } from '../../../shared/jobs.ts'
import type { ServiceProblem } from '../../../shared/problems.ts'

const hubFile = z.strictObject({
  name: z.string(),
  sizeBytes: z.number(),
  hash: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sha256'), hex: z.string() }),
    z.strictObject({ kind: z.literal('git-blob'), hex: z.string() }),
  ]),
})

/** What is to be done. The path of a folder stays on this side: the window knows a token. */
const jobWork = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('install'), request: installRequest, folder: z.string().nullable() }),
  z.strictObject({ kind: z.literal('verify'), key: z.string() }),
  z.strictObject({ kind: z.literal('repair'), key: z.string() }),
  z.strictObject({ kind: z.literal('move'), path: z.string() }),
])
export type JobWork = z.infer<typeof jobWork>

/** What an installation found out first: it holds to this commit and these files from then on. */
const installPlan = z.strictObject({
  id: z.string(),
  commit: z.string(),
  /** In the order of download. */
  files: z.array(hubFile),
  /** Of the model to be made. */
  modelBytes: z.number(),
})
export type InstallPlan = z.infer<typeof installPlan>

/** `cancelled` is never seen outside: such a job is on its way out. */
const state = z.enum(['waiting', 'running', 'paused', 'failed', 'done', 'cancelled'])

export interface JobRow {
  readonly id: string
  readonly title: string
  readonly state: z.infer<typeof state>
  readonly work: JobWork
  readonly plan: InstallPlan | null
  readonly problem: ServiceProblem | null
  readonly modelKey: string | null
}

export interface JobRows {
  /** In their order. */
  all(): readonly JobRow[]
  put(row: JobRow): void
  remove(id: string): void
  /** All ids, in their new order. */
  order(ids: readonly string[]): void
}

const jobTable = `
  CREATE TABLE IF NOT EXISTS job (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL,
    work TEXT NOT NULL, plan TEXT, problem TEXT, model_key TEXT
  ) STRICT`

/** Asks for the database each time: it moves with the models folder. */
export function jobRows(database: () => DatabaseSync): JobRows {
  let open: { readonly database: DatabaseSync; readonly rows: JobRows } | null = null
  const current = () => {
    const now = database()
    if (open?.database !== now) open = { database: now, rows: rowsOf(now) }
    return open.rows
  }
  return {
    all: () => current().all(),
    put: (row) => current().put(row),
    remove: (id) => current().remove(id),
    order: (ids) => current().order(ids),
  }
}

function rowsOf(database: DatabaseSync): JobRows {
  database.exec(jobTable)
  const select = database.prepare('SELECT * FROM job ORDER BY position')
  const upsert = database.prepare(
    `INSERT INTO job (id, position, title, state, work, plan, problem, model_key)
     VALUES (:id, (SELECT coalesce(max(position), 0) + 1 FROM job), :title, :state, :work, :plan, :problem, :modelKey)
     ON CONFLICT (id) DO UPDATE SET
       title = excluded.title, state = excluded.state, work = excluded.work, plan = excluded.plan,
       problem = excluded.problem, model_key = excluded.model_key`,
  )
  const remove = database.prepare('DELETE FROM job WHERE id = ?')
  const place = database.prepare('UPDATE job SET position = ? WHERE id = ?')
  return {
    all: () => select.all().flatMap((row) => decode(row) ?? []),
    put: ({ id, title, state: current, work, plan, problem, modelKey }) => {
      upsert.run({
        id,
        title,
        state: current,
        work: JSON.stringify(work),
        plan: plan && JSON.stringify(plan),
        problem: problem && JSON.stringify(problem),
        modelKey,
      })
    },
    remove: (id) => void remove.run(id),
    order: (ids) => {
      database.exec('BEGIN IMMEDIATE')
      for (const [index, id] of ids.entries()) place.run(index + 1, id)
      database.exec('COMMIT')
    },
  }
}

const json = z.string().transform((text): unknown => JSON.parse(text))
const nullable = <T extends z.ZodType>(schema: T) => json.pipe(schema).nullable()
const stored = z.object({
  id: z.string(),
  title: z.string(),
  state,
  work: json.pipe(jobWork),
  plan: nullable(installPlan),
  problem: nullable(z.custom<ServiceProblem>((value) => z.looseObject({ code: z.string() }).safeParse(value).success)),
  model_key: z.string().nullable(),
})

/** A row that another version wrote in another form is left out: it stays in the table and does nothing. */
function decode(row: unknown): JobRow | null {
  const { data } = stored.safeParse(row)
  if (data === undefined) return null
  const { model_key: modelKey, ...rest } = data
  return { ...rest, modelKey }
}

export function kindOf({ work }: JobRow): JobKind {
  return work.kind
}

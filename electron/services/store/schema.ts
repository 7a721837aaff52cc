// The store's database. A row is what makes content count: files without one are never believed.
import type { DatabaseSync } from 'node:sqlite'
import { type DatabaseOptions, openDatabase } from '../database.ts'
import { databasePath } from './storePaths.ts'

/** `HrSt` in the file's header. */
const applicationId = 0x48_72_53_74

const migrations = [
  `CREATE TABLE blob (
    sha256 TEXT PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    git_blob TEXT,
    added_at_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX blob_by_git ON blob (git_blob);
  CREATE TABLE model (
    key TEXT PRIMARY KEY,
    manifest TEXT NOT NULL,
    origin TEXT,
    added_at_ms REAL NOT NULL
  ) STRICT;
  CREATE TABLE model_file (
    model TEXT NOT NULL REFERENCES model (key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    in_place TEXT,
    is_made INTEGER NOT NULL,
    PRIMARY KEY (model, position)
  ) STRICT;
  CREATE INDEX model_file_by_hash ON model_file (sha256);
  CREATE TABLE checkpoint_file (
    model TEXT NOT NULL REFERENCES model (key) ON DELETE CASCADE,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (model, sha256)
  ) STRICT;
  CREATE TABLE pending (
    folder TEXT NOT NULL CHECK (folder IN ('blobs', 'manifests')),
    name TEXT NOT NULL,
    size_bytes INTEGER,
    part_kind TEXT,
    part_hex TEXT,
    PRIMARY KEY (folder, name)
  ) STRICT;
  CREATE TABLE known (
    key TEXT PRIMARY KEY,
    last_used_at_ms REAL,
    last_verified_at_ms REAL,
    damage TEXT NOT NULL DEFAULT '[]',
    measurements TEXT NOT NULL DEFAULT '[]'
  ) STRICT`,
] as const

export function openStoreDatabase(
  storeFolder: string,
  options: Pick<DatabaseOptions, 'readOnly' | 'timeoutMs'> = {},
): DatabaseSync {
  return openDatabase({ file: databasePath(storeFolder), applicationId, migrations, ...options })
}

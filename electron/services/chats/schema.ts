// The chats' database. Messages carry what a list shows in columns and the rest as JSON; their words are indexed beside them by triggers, so that the index
// cannot lag behind. A message that is being written comes into it when it is done: every part of it would cost as much as all of it.

import { signsPart } from './signs.ts'
import { soughtPart } from './words.ts'

/** `HrCh` in the file's header. */
export const applicationId = 0x48_72_43_68

/** What migrations and the opening of a file call: what the index holds of a message. */
export const functions = {
  sought_of: (text: unknown, input: unknown) => soughtPart(`${text} ${input}`),
  signs_of: (text: unknown, input: unknown) => signsPart(`${text} ${input}`),
} as const

export const migrations: readonly string[] = [
  `CREATE TABLE folder (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE chat (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    folder_id TEXT REFERENCES folder (id) ON DELETE SET NULL,
    is_pinned INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    leaf_id TEXT,
    draft TEXT NOT NULL,
    settings TEXT NOT NULL,
    removed_in TEXT
  ) STRICT;
  CREATE INDEX chat_by_folder ON chat (folder_id);
  CREATE INDEX chat_removed ON chat (removed_in) WHERE removed_in IS NOT NULL;
  CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    chat_id TEXT NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    parent_id TEXT,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'document')),
    text TEXT NOT NULL,
    text_units INTEGER NOT NULL,
    sought TEXT,
    input TEXT NOT NULL,
    written TEXT NOT NULL,
    scaffold TEXT,
    state TEXT NOT NULL CHECK (state IN ('done', 'streaming', 'interrupted')),
    created_at_ms INTEGER NOT NULL,
    writer TEXT,
    figures TEXT,
    finish TEXT,
    seed INTEGER,
    UNIQUE (chat_id, id),
    FOREIGN KEY (chat_id, parent_id) REFERENCES message (chat_id, id) DEFERRABLE INITIALLY DEFERRED
  ) STRICT;
  CREATE INDEX message_by_chat ON message (chat_id);
  CREATE INDEX message_by_parent ON message (chat_id, parent_id);
  CREATE INDEX message_streaming ON message (state) WHERE state = 'streaming';
  CREATE TABLE answer_record (
    message_id TEXT PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE library_item (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    item TEXT NOT NULL
  ) STRICT;
  CREATE VIRTUAL TABLE message_words USING fts5 (
    text, input, sought, content='message', content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
  );
  INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
  CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_words (rowid, text, input, sought) VALUES (new.number, new.text, new.input, new.sought);
  END;
  CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_words (message_words, rowid, text, input, sought)
      VALUES ('delete', old.number, old.text, old.input, old.sought);
  END;
  CREATE TRIGGER message_changed AFTER UPDATE OF text, input, sought, state ON message BEGIN
    INSERT INTO message_words (message_words, rowid, text, input, sought)
      SELECT 'delete', old.number, old.text, old.input, old.sought WHERE old.state <> 'streaming';
    INSERT INTO message_words (rowid, text, input, sought)
      SELECT new.number, new.text, new.input, new.sought WHERE new.state <> 'streaming';
  END`,
  // Signs get a column of the index, which cannot be added to one that is there. What was removed is named until no copy has it.
  `DROP TRIGGER message_added;
  DROP TRIGGER message_removed;
  DROP TRIGGER message_changed;
  DROP TABLE message_words;
  ALTER TABLE message ADD COLUMN signs TEXT;
  CREATE TABLE erasing (
    id TEXT PRIMARY KEY,
    run TEXT NOT NULL
  ) STRICT;
  UPDATE message SET sought = sought_of(text, input), signs = signs_of(text, input),
    state = iif(state = 'streaming', 'interrupted', state);
  CREATE VIRTUAL TABLE message_words USING fts5 (
    text, input, sought, signs,
    content='message', content_rowid='number', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
  );
  INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
  INSERT INTO message_words (message_words) VALUES ('rebuild');
  CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.state <> 'streaming' BEGIN
    INSERT INTO message_words (rowid, text, input, sought, signs)
      VALUES (new.number, new.text, new.input, new.sought, new.signs);
  END;
  CREATE TRIGGER message_removed AFTER DELETE ON message WHEN old.state <> 'streaming' BEGIN
    INSERT INTO message_words (message_words, rowid, text, input, sought, signs)
      VALUES ('delete', old.number, old.text, old.input, old.sought, old.signs);
  END;
  CREATE TRIGGER message_changed AFTER UPDATE OF text, input, sought, signs, state ON message BEGIN
    INSERT INTO message_words (message_words, rowid, text, input, sought, signs)
      SELECT 'delete', old.number, old.text, old.input, old.sought, old.signs WHERE old.state <> 'streaming';
    INSERT INTO message_words (rowid, text, input, sought, signs)
      SELECT new.number, new.text, new.input, new.sought, new.signs WHERE new.state <> 'streaming';
  END`,
]

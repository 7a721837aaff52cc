// How much of a text is worked on before it stays plain. Generous for what people and models write, small for what is made to cost time.
export const limits = {
  /** A longer block is plain text; a fence has its own limit. */
  blockCharacters: 8192,
  /** A list is cut between two items when it is longer. */
  listCharacters: 6000,
  /** Shorter blocks are parsed together with their neighbours. */
  joinedCharacters: 800,
  /** Of a message: more is shown when it is asked for. */
  shownCharacters: 40_000,
  shownBlocks: 150,
  /** Longer code is shown without colours. */
  codeCharacters: 20_000,
  /** Code of more lines is folded to this many. */
  codeLines: 60,
  formulaCharacters: 2000,
  tableColumns: 40,
  tableRows: 250,
  quoteDepth: 12,
  depth: 120,
  nodes: 4000,
  addressCharacters: 4000,
  /** What the worker may take for one block. */
  parseMs: 2000,
  /** What a new worker may take until it can parse. */
  startMs: 20_000,
  cachedBlocks: 600,
  cachedCharacters: 8_000_000,
} as const

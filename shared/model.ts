// What an installed model is: the manifest `hearth.json` in its folder. Written last by the compiler; a folder without it is not a model.
import { z } from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/)
const bytes = z.number().int().nonnegative()

/** Of the blocks of a large file, each of which has a hash of its own in the manifest. */
export const fileBlockBytes = 16 * 2 ** 20

export const storedFile = z.strictObject({
  name: fileName,
  sizeBytes: bytes,
  sha256,
  /** sha256 of each 16 MiB, the last block being shorter; of files larger than one block. Manifests of before do not have it. */
  blocks: z.array(sha256).optional(),
})

/** base: continues text. instruct: one instruction, one response. chat: turns. */
export const variant = z.enum(['base', 'instruct', 'chat'])

/**
 * How turns join into one text. With it the opened reply belongs to the user's turn, so both are tokenized together, and the assistant's suffix to the
 * user's next turn, so that a reply ended by its stop token stays in the cache as it stands.
 */
const dialogue = z.strictObject({
  /** Sent in place of BOS; empty where BOS, if any, is all. */
  leadTokenIds: z.array(z.number().int().nonnegative()),
  /** In place of userPrefix where no system text precedes the first turn. */
  firstUserPrefix: z.string(),
  /** Around a system text, up to the first user's text; null where the model has no place for one. `text`: the one it was tuned with, or empty. */
  system: z.strictObject({ before: z.string(), after: z.string(), text: z.string() }).nullable(),
  /** What the model writes between the opened reply and its first word: a space, a line break or nothing. */
  replyGap: z.string(),
  /** Behind the last turn only: special tokens that the reply begins with. */
  replyStart: z.string(),
  /** `{round}` in a user prefix counts from here; null without such a count. */
  firstRound: z.number().int().nullable(),
  /** Blank lines inside a message become single line breaks, because a blank line separates turns. */
  squeezeBlankLines: z.boolean(),
})

/** How text becomes a prompt. Prefixes and suffixes surround each turn; a base model has none. */
export const promptTemplate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('completion') }),
  z.strictObject({
    kind: z.literal('turns'),
    name: z.string(),
    userPrefix: z.string(),
    userSuffix: z.string(),
    assistantPrefix: z.string(),
    assistantSuffix: z.string(),
    /** The model was trained on one exchange only: earlier turns are not sent. */
    singleTurn: z.boolean(),
    stopStrings: z.array(z.string()),
    /** How the turns join; without it (manifests of before) every turn and the opened reply stand alone. */
    dialogue: dialogue.optional(),
  }),
])

/** What a conversation takes with one of the libraries, for the full context or, where the model slides, the window. */
const libraryNeeds = z.strictObject({
  cacheBytes: bytes,
  workingBytes: bytes,
  /** Of the cache, for each further token; 0 where the cache has one size. */
  cacheBytesPerToken: bytes,
  /** The largest of weights and the conversation's buffers: each is bound as a whole. */
  largestBufferBytes: bytes,
  /** Weights that one decoded token reads. */
  readBytesPerToken: bytes,
})

export const modelManifest = z.strictObject({
  format: z.literal(1),
  /** publisher/name, for example hearth/tinystories-15m-base. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*\/[A-Za-z0-9][A-Za-z0-9._-]*$/),
  title: z.string(),
  family: z.string(),
  variant,
  /** One or two honest sentences for the window. */
  description: z.string(),
  licence: z.string(),
  provenance: z.string(),
  weightFormat: z.enum(['q4f16_1', 'q4f32_1', 'q0f32', 'q0f16']),
  /** How the 4-bit values were chosen; `none` when unquantized. */
  quantization: z.enum(['round-to-nearest', 'search', 'gptq', 'none']),
  parameters: z.number().int().positive(),
  vocabularySize: z.number().int().positive(),
  contextTokens: z.number().int().positive(),
  prefillChunkTokens: z.number().int().positive(),
  bosTokenId: z.number().int().nullable(),
  stopTokenIds: z.array(z.number().int()),
  prompt: promptTemplate,
  defaults: z.strictObject({ temperature: z.number(), topP: z.number() }),
  /** GPU memory by part, from the plan, for the full context; of the portable library, whose cache is the largest. */
  memory: z.strictObject({ weightsBytes: bytes, cacheBytes: bytes, workingBytes: bytes }),
  /** The same for each library; manifests of before do not have it. */
  needs: z.strictObject({ portable: libraryNeeds, half: libraryNeeds, software: libraryNeeds }).optional(),
  libraries: z.strictObject({ portable: fileName, half: fileName, software: fileName }),
  /** Every other file of the folder. */
  files: z.array(storedFile),
  /** The recipe: what it was made from. */
  inputs: z.array(storedFile),
})

export type LibraryNeeds = z.infer<typeof libraryNeeds>
export type StoredFile = z.infer<typeof storedFile>
export type Variant = z.infer<typeof variant>
export type PromptTemplate = z.infer<typeof promptTemplate>
export type ModelManifest = z.infer<typeof modelManifest>

/**
 * The hash of each block of a file; null where the manifest has none for it: then only the whole file can be checked. Whoever serves bytes of a file checks
 * every block they touch before the first of them leaves.
 */
export function blockHashes(file: StoredFile, blockBytes: number = fileBlockBytes): readonly string[] | null {
  if (file.sizeBytes <= blockBytes) return [file.sha256]
  const count = Math.ceil(file.sizeBytes / blockBytes)
  return file.blocks?.length === count ? file.blocks : null
}

export const manifestFileName = 'hearth.json'

/** A model in the store or bundled with the app, as the window sees it. `key` is the sha256 of its manifest and names it in model URLs. */
export interface InstalledModel {
  readonly key: string
  readonly bundled: boolean
  readonly manifest: ModelManifest
}

/** `hearth-model://store/m/<key>/<index into manifest.files>`; no path or name of a file is ever part of an address. */
export function modelFileUrl(key: string, fileIndex: number): string {
  return `hearth-model://store/m/${key}/${fileIndex}`
}

/** The same file read by Chromium itself, without a check on the way: for large files, which whoever reads them checks block by block. */
export function weightsFileUrl(key: string, fileIndex: number): string {
  return `hearth-weights://store/m/${key}/${fileIndex}`
}

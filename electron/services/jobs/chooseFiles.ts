// Which files of a repository an installation fetches: what the compiler reads, and nothing else of what may be there in three other forms.
import type { HubFile } from '../hub/files.ts'

/** Beside the weights, in the root of the repository. Licence texts are kept with the checkpoint. */
const smallFiles = [
  /^config\.json$/,
  /^generation_config\.json$/,
  /^README\.md$/,
  /^(LICEN[CS]E|NOTICE|USE_POLICY)(\.(md|txt))?$/i,
  /^(tokenizer|tokenizer_config|added_tokens|special_tokens_map|tokenizer_vocab|vocab)\.json$/,
  /^(tokenizer|ice_text)\.model$/,
  /^merges\.txt$/,
  /^[\w-]+\.tiktoken$/,
  /^chat_template\.(jinja|json)$/,
]

/** Those of the names that the compiler reads, besides `weights`. */
export function chooseNames(names: readonly string[], weights: readonly string[]): readonly string[] {
  return names.filter((name) => weights.includes(name) || smallFiles.some((pattern) => pattern.test(name)))
}

/** In the order of download: small files first, then `weights` (index and shards) in their own order. Files that are not listed are left out. */
export function chooseFiles(files: readonly HubFile[], weights: readonly string[]): readonly HubFile[] {
  const chosen = new Set(
    chooseNames(
      files.map(({ name }) => name),
      weights,
    ),
  )
  const small = files.filter(({ name }) => chosen.has(name) && !weights.includes(name))
  const bySize = [...small].sort((a, b) => a.sizeBytes - b.sizeBytes || (a.name < b.name ? -1 : 1))
  const large = weights.flatMap((weight) => files.find(({ name }) => name === weight) ?? [])
  return [...bySize, ...large]
}

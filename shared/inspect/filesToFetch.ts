// Which files of a repository an installation fetches: what is read to make the model, and nothing of what lies there in three other forms.
import { chatConfigFile } from '../compiler/chatConfig.ts'
import { tensorCacheFiles } from '../compiler/ready/tensorCache.ts'
import type { InspectionReport } from './report.ts'

interface Listed {
  readonly name: string
  readonly sizeBytes: number
}

/** In the root of the repository. Licence texts are kept with the checkpoint. */
const ofBoth = [
  /^README\.md$/,
  /^(LICEN[CS]E|NOTICE|USE_POLICY)(\.(md|txt))?$/i,
  /^(tokenizer|tokenizer_config|added_tokens|special_tokens_map|tokenizer_vocab|vocab)\.json$/,
  /^(tokenizer|ice_text)\.model$/,
  /^merges\.txt$/,
  /^[\w-]+\.tiktoken$/,
  /^chat_template\.(jinja|json)$/,
]
const ofCheckpoint = [/^config\.json$/, /^generation_config\.json$/]

/**
 * In the order of download: small files first, the smallest before, then the weights in their own order. `weights`: an inspection's weightFiles. What is not
 * listed is left out.
 */
export function filesToFetch<File extends Listed>(
  listing: readonly File[],
  form: InspectionReport['form'],
  weights: readonly { readonly name: string }[],
): readonly File[] {
  const names = new Set(weights.map(({ name }) => name))
  const cache = tensorCacheFiles.find((name) => listing.some((file) => file.name === name))
  const isSmall = ({ name }: Listed) =>
    !names.has(name) &&
    (ofBoth.some((pattern) => pattern.test(name)) ||
      (form === 'ready'
        ? name === chatConfigFile || name === cache
        : ofCheckpoint.some((pattern) => pattern.test(name))))
  const small = listing.filter(isSmall).sort((a, b) => a.sizeBytes - b.sizeBytes || (a.name < b.name ? -1 : 1))
  const large = [...names].flatMap((name) => listing.find((file) => file.name === name) ?? [])
  return [...small, ...large]
}

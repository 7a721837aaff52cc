// The grammar compiler inside web-llm (xgrammar), which does not export it: its module is loaded with one more export, as for its tokenizer.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Matcher {
  _acceptString(text: string): boolean
  acceptToken(id: number): boolean
  dispose(): void
}
interface Grammars {
  readonly TokenizerInfo: {
    createTokenizerInfo(words: string[], kind: string, space: boolean, size: number, stops: number[]): Promise<object>
  }
  readonly GrammarCompiler: {
    createGrammarCompiler(info: object): Promise<{ compileJSONSchema(schema: string): Promise<object> }>
  }
  readonly GrammarMatcher: { createGrammarMatcher(grammar: object): Promise<Matcher> }
}

const library = fileURLToPath(new URL('../../node_modules/@mlc-ai/web-llm/lib/index.js', import.meta.url))

/** Which whole texts the grammar of a schema lets through; rejects where the schema cannot be compiled, and a second time never answers. */
export async function webLlmGrammar(): Promise<
  (schema: string, texts: readonly string[]) => Promise<readonly boolean[]>
> {
  const source = await readFile(library, 'utf8')
  const patched = source
    .replace(/\nexport \{ ARTIFACT/, '\nexport { libExports$1 as grammars };\nexport { ARTIFACT')
    .replace(/\n\/\/# sourceMappingURL=.*/, '')
    .replaceAll('"MLC_DUMMY_PATH"', 'import.meta.url')
  if (!patched.includes('as grammars')) throw new Error('web-llm: no export line to patch')
  const root = await mkdtemp(join(tmpdir(), 'hearth-grammar-'))
  const folder = join(root, 'node_modules', 'web-llm-grammar')
  try {
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'index.mjs')
    await writeFile(file, `import { createRequire } from 'node:module'\n${patched}`)
    const { grammars } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { grammars: Grammars }
    const letters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
    const words = ['</s>', '\n', ...letters]
    const info = await grammars.TokenizerInfo.createTokenizerInfo(words, 'raw', false, words.length, [0])
    const compiler = await grammars.GrammarCompiler.createGrammarCompiler(info)
    return async (schema, texts) => {
      const grammar = await compiler.compileJSONSchema(schema)
      const accepted: boolean[] = []
      for (const text of texts) {
        const matcher = await grammars.GrammarMatcher.createGrammarMatcher(grammar)
        accepted.push(matcher._acceptString(text) && matcher.acceptToken(0))
        matcher.dispose()
      }
      return accepted
    }
  } finally {
    await rm(root, { recursive: true })
  }
}

// web-llm's own code that puts messages into a prompt. It is not exported: the module is loaded with one more export, as for its tokenizer.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ConvTemplate } from '../../shared/prompts/convTemplate.ts'

interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}
interface Conversation {
  appendMessage(role: string, content: string): void
  appendReplyHeader(role: string): void
  getPromptArray(): readonly string[]
  getPromptArrayLastRound(): readonly string[]
}
type Converse = (
  request: { readonly messages: readonly Message[] },
  config: { readonly conv_template: ConvTemplate },
) => Conversation

const library = fileURLToPath(new URL('../../node_modules/@mlc-ai/web-llm/lib/index.js', import.meta.url))

/** A function that gives the prompt of a request: all pieces, or those web-llm adds when it continues from its cache. */
export async function webLlmPrompt() {
  const source = await readFile(library, 'utf8')
  const patched = source
    .replace(/\nexport \{ ARTIFACT/, '\nexport { getConversationFromChatCompletionRequest };\nexport { ARTIFACT')
    .replace(/\n\/\/# sourceMappingURL=.*/, '')
    .replaceAll('"MLC_DUMMY_PATH"', 'import.meta.url')
  if (!patched.includes('export { getConversationFrom')) throw new Error('web-llm: no export line to patch')
  // Below a folder of this name Vitest leaves the module to Node. Under Node the Emscripten part of it wants a createRequire.
  const root = await mkdtemp(join(tmpdir(), 'hearth-conversation-'))
  const folder = join(root, 'node_modules', 'web-llm-conversation')
  try {
    await mkdir(folder, { recursive: true })
    const file = join(folder, 'index.mjs')
    await writeFile(file, `import { createRequire } from 'node:module'\n${patched}`)
    const { getConversationFromChatCompletionRequest: converse } = (await import(
      /* @vite-ignore */ pathToFileURL(file).href
    )) as { getConversationFromChatCompletionRequest: Converse }
    return (convTemplate: ConvTemplate, messages: readonly Message[], part: 'all' | 'last round' = 'all') => {
      const conversation = converse({ messages }, { conv_template: convTemplate })
      // As its prefill does: the last message and the opened reply come behind the history.
      conversation.appendMessage('user', messages.at(-1)?.content ?? '')
      conversation.appendReplyHeader('assistant')
      return part === 'all' ? conversation.getPromptArray() : conversation.getPromptArrayLastRound()
    }
  } finally {
    await rm(root, { recursive: true })
  }
}

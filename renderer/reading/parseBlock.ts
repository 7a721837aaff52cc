// One block of markdown, or the code of one fence, as a tree of what is allowed (allowed.ts). Pure and slow in the worst case: it runs in a worker that can be
// ended. There is no raw HTML in it at any point, and the sanitizer has the last word.
import rehypeHighlight from 'rehype-highlight'
import rehypeSanitize, { type Options as Schema } from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import { allowed } from './allowed.ts'
import { bracketMaths } from './bracketMaths.ts'
import { checkTree } from './checkTree.ts'
import { isTooMuch } from './isTooMuch.ts'
import { limits } from './limits.ts'
import { type MarkdownNode, prepareMarkdown } from './prepareMarkdown.ts'
import type { ParseAnswer, ParseRequest } from './protocol.ts'

const schema: Schema = {
  tagNames: [...allowed.keys()],
  attributes: Object.fromEntries([...allowed].map(([name, properties]) => [name, [...properties]])),
  strip: ['script', 'style'],
  allowComments: false,
  allowDoctypes: false,
}

const reader = unified().use(remarkParse).use(remarkGfm, { singleTilde: false }).use(remarkMath)
const writer = unified().use(remarkRehype).use(rehypeHighlight).use(rehypeSanitize, schema)
const plain: ParseAnswer = { kind: 'plain' }

export function parseBlock(request: ParseRequest): ParseAnswer {
  try {
    const nodes = checkTree(request.kind === 'code' ? parseCode(request) : parseMarkdown(request))
    return nodes === null ? plain : { kind: 'tree', nodes }
  } catch {
    // Too deep for the stack, too much (TooMuch), or a fault of a parser: the text itself is always there to show.
    return plain
  }
}

function parseMarkdown({ text, maths }: ParseRequest & { readonly kind: 'markdown' }): unknown {
  if (isTooMuch(text)) return null
  const source = bracketMaths(text)
  const root = reader.parse(source)
  prepareMarkdown(root as MarkdownNode, { source, maths })
  return writer.runSync(root).children.map(withoutPlace)
}

function parseCode({ text, language }: ParseRequest & { readonly kind: 'code' }): unknown {
  if (text.length > limits.codeCharacters) return null
  const code = { type: 'code', lang: language, value: text }
  const tree = writer.runSync({ type: 'root', children: [code] } as Parameters<typeof writer.runSync>[0])
  return tree.children.map(withoutPlace)
}

interface HastNode {
  readonly type: string
  readonly value?: string
  readonly tagName?: string
  readonly properties?: object
  readonly children?: readonly HastNode[]
}

/** Only what a tree is made of: no places in the source, no data. */
function withoutPlace(node: HastNode): unknown {
  if (node.type === 'text') return { type: 'text', value: node.value }
  return {
    type: node.type,
    tagName: node.tagName,
    properties: node.properties ?? {},
    children: (node.children ?? []).map(withoutPlace),
  }
}

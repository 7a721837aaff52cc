// Rewrites a markdown tree (mdast) before it becomes elements: raw HTML becomes text, pictures become a note of what they are, links keep nothing but a checked
// address, footnotes lose their ids, formulas are rendered, and tables that are too large are refused.
import { readAddress } from './address.ts'
import { cleanText } from './cleanText.ts'
import { limits } from './limits.ts'
import { renderFormula } from './maths.ts'

/** A node of mdast, as loosely as it is needed here. */
export interface MarkdownNode {
  type: string
  value?: string
  url?: string
  alt?: string | null
  label?: string | null
  identifier?: string
  checked?: boolean | null
  lang?: string | null
  meta?: string | null
  title?: string | null
  children?: MarkdownNode[]
  data?: unknown
  position?: { readonly start: { readonly offset?: number }; readonly end: { readonly offset?: number } }
}

/** It would take too long or be too much to look at; the block stays plain. */
export class TooMuch extends Error {}

export interface Preparation {
  readonly source: string
  readonly maths: 'page' | 'file'
}

export function prepareMarkdown(root: MarkdownNode, preparation: Preparation): void {
  const addresses = new Map<string, string>()
  collectDefinitions(root, addresses)
  prepareChildren(root, { ...preparation, addresses, depth: 0, isInLink: false })
}

interface Context extends Preparation {
  readonly addresses: ReadonlyMap<string, string>
  readonly depth: number
  /** A link is a button and holds no other. */
  readonly isInLink: boolean
}

const deepest = 40
/** Their children are words, not blocks. */
const ofWords = new Set(['paragraph', 'heading', 'emphasis', 'strong', 'delete', 'tableCell', 'link', 'linkReference'])

function collectDefinitions(node: MarkdownNode, addresses: Map<string, string>, depth = 0): void {
  if (depth > deepest) throw new TooMuch()
  if (node.type === 'definition' && node.identifier !== undefined && !addresses.has(node.identifier)) {
    addresses.set(node.identifier, node.url ?? '')
  }
  for (const child of node.children ?? []) collectDefinitions(child, addresses, depth + 1)
}

function prepareChildren(parent: MarkdownNode, context: Context): void {
  if (parent.children === undefined) return
  parent.children = parent.children.flatMap((child) => prepare(child, parent, { ...context, depth: context.depth + 1 }))
}

function prepare(node: MarkdownNode, parent: MarkdownNode, context: Context): MarkdownNode[] {
  switch (node.type) {
    case 'html':
      return ofWords.has(parent.type)
        ? [word(node.value ?? '')]
        : [element('p', { className: ['source'] }, [word(node.value ?? '')])]
    case 'definition':
      return []
    case 'image':
      return [picture(node.alt ?? '', node.url ?? '')]
    case 'imageReference':
      return [picture(node.alt ?? '', context.addresses.get(node.identifier ?? '') ?? '')]
    case 'link':
    case 'linkReference': {
      prepareChildren(node, { ...context, isInLink: true })
      const url = node.type === 'link' ? node.url : context.addresses.get(node.identifier ?? '')
      return link(node, url ?? '')
    }
    case 'footnoteReference':
      if (context.isInLink) return [word(`[${labelOf(node)}]`)]
      return [element('span', { dataKind: 'reference', dataLabel: labelOf(node) }, [word(labelOf(node))])]
    case 'footnoteDefinition':
      prepareChildren(node, context)
      // A definition that only says that there is one, elsewhere (splitBlocks.ts).
      if ((node.children ?? []).length === 0) return []
      return [element('div', { className: ['footnote'], dataLabel: labelOf(node) }, node.children ?? [])]
    case 'inlineMath':
    case 'math':
      return [formula(node, context)]
    case 'table':
      if ((node.children ?? []).length > limits.tableRows) throw new TooMuch()
      if ((node.children ?? []).some((row) => (row.children ?? []).length > limits.tableColumns)) throw new TooMuch()
      break
    case 'listItem':
      if (typeof node.checked === 'boolean') addTask(node, node.checked)
      break
    case 'code':
      if (!/^[\w+#.-]{1,30}$/.test(node.lang ?? '')) node.lang = null
      node.meta = null
      break
  }
  prepareChildren(node, context)
  return [node]
}

function word(value: string): MarkdownNode {
  return { type: 'text', value }
}

/** A node that mdast-util-to-hast turns into this element. */
function element(hName: string, hProperties: object, children: MarkdownNode[]): MarkdownNode {
  return { type: 'hearth', data: { hName, hProperties }, children }
}

function labelOf(node: MarkdownNode): string {
  return cleanText(node.label ?? node.identifier ?? '').slice(0, 40)
}

function picture(alt: string, url: string): MarkdownNode {
  const host = readAddress(url)?.host ?? ''
  return element('span', { dataKind: 'picture', dataHost: host }, [word(alt)])
}

/** What cannot be opened is shown as text, address and all. */
function link(node: MarkdownNode, url: string): MarkdownNode[] {
  const children = node.children ?? []
  const address = readAddress(url)
  if (address !== null) return [element('a', { dataAddress: address.href }, children)]
  const isSame = children.length === 1 && [url, `mailto:${children[0]?.value}`].includes(children[0]?.value ?? '')
  const isMail = children.length === 1 && url === `mailto:${children[0]?.value}`
  return isSame || isMail || url === '' ? children : [...children, word(` (${url.slice(0, 300)})`)]
}

function formula(node: MarkdownNode, { source, maths }: Context): MarkdownNode {
  const written = source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0)
  const isPrice = node.type === 'inlineMath' && isNoFormula(written, source.charAt(node.position?.end.offset ?? 0))
  if (isPrice) return word(written)
  const rendered = renderFormula(node.value ?? '', node.type === 'math' || written.startsWith('$$'), maths)
  return {
    type: 'hearth',
    data: { hName: rendered.tagName, hProperties: rendered.properties, hChildren: rendered.children },
  }
}

/** "from $5 to $10" is no formula: as in Pandoc, one dollar sign hugs what it encloses, and no digit follows. */
function isNoFormula(written: string, next: string): boolean {
  if (written.startsWith('$$')) return false
  return /^\$\s|\s\$$/.test(written) || /\d/.test(next)
}

function addTask(item: MarkdownNode, isDone: boolean): void {
  item.checked = null
  const box = element('span', { dataKind: 'task', dataDone: isDone }, [])
  const [first] = item.children ?? []
  if (first?.type === 'paragraph') first.children = [box, ...(first.children ?? [])]
  else item.children = [box, ...(item.children ?? [])]
  item.data = { hProperties: { className: ['task'] } }
}

// A checked tree as a string of HTML for a file. Everything that comes from a text is escaped; names of elements and attributes are those of the list in
// allowed.ts, and the few that have a meaning of their own here.
import { readAddress } from './address.ts'
import { allowed, mathElements } from './allowed.ts'
import { cleanText } from './cleanText.ts'
import type { TreeElement, TreeNode, TreeValue } from './tree.ts'
import { textOf } from './tree.ts'

const empty = new Set(['br', 'hr'])

export function toHtml(nodes: readonly TreeNode[]): string {
  return nodes.map((node) => (node.type === 'text' ? escapeHtml(node.value) : elementHtml(node))).join('')
}

export function escapeHtml(text: string): string {
  return cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function elementHtml(element: TreeElement): string {
  const { tagName, properties, children } = element
  if (!allowed.has(tagName)) return escapeHtml(textOf(children))
  const kind = properties.dataKind
  if (tagName === 'a') return linkHtml(element)
  // The formula's source, which a browser shows nowhere.
  if (tagName === 'annotation') return ''
  if (kind === 'picture') return `<span class="picture">[${pictureText(element)}]</span>`
  if (kind === 'task') return properties.dataDone === true || properties.dataDone === 'true' ? '☑ ' : '☐ '
  if (kind === 'reference') return `<sup>${escapeHtml(textOf(children))}</sup>`
  const label =
    tagName === 'div' && properties.dataLabel !== undefined
      ? `<sup>${escapeHtml(String(properties.dataLabel))}</sup> `
      : ''
  const attributes = Object.entries(properties)
    .map(([name, value]) => attributeHtml(tagName, name, value))
    .join('')
  const direction = directed.has(tagName) ? ' dir="auto"' : ''
  const start = `<${tagName}${attributes}${direction}>`
  return empty.has(tagName) ? start : `${start}${label}${toHtml(children)}</${tagName}>`
}

const directed = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'li', 'blockquote', 'td', 'th'])

function attributeHtml(tagName: string, name: string, value: TreeValue): string {
  if (name === 'className') return ` class="${escapeHtml([value].flat().join(' '))}"`
  if (name === 'align' || name === 'start' || mathElements.has(tagName))
    return ` ${name}="${escapeHtml(String(value))}"`
  return ''
}

function linkHtml({ properties, children }: TreeElement): string {
  const address = readAddress(String(properties.dataAddress ?? ''))
  const inside = toHtml(children)
  return address === null
    ? inside
    : `<a href="${escapeHtml(address.href)}" rel="noopener noreferrer nofollow">${inside}</a>`
}

function pictureText({ properties, children }: TreeElement): string {
  const host = String(properties.dataHost ?? '')
  return escapeHtml([textOf(children), host].filter((one) => one !== '').join(', '))
}

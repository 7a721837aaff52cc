// The page's own look at what the worker sent: a new tree of what is allowed, or null. The worker reads hostile text, so nothing it says is taken for granted.
import { readAddress } from './address.ts'
import { allowed, isAllowedValue } from './allowed.ts'
import { cleanText } from './cleanText.ts'
import { limits } from './limits.ts'
import type { TreeNode, TreeValue } from './tree.ts'

/** null where anything is not allowed, or there is too much of it. */
export function checkTree(nodes: unknown): readonly TreeNode[] | null {
  const count = { nodes: 0 }
  return checkChildren(nodes, 0, count)
}

function checkChildren(nodes: unknown, depth: number, count: { nodes: number }): readonly TreeNode[] | null {
  if (!Array.isArray(nodes) || depth > limits.depth) return null
  const checked: TreeNode[] = []
  for (const node of nodes) {
    count.nodes += 1
    if (count.nodes > limits.nodes) return null
    const good = checkNode(node, depth, count)
    if (good === null) return null
    checked.push(good)
  }
  return checked
}

function checkNode(node: unknown, depth: number, count: { nodes: number }): TreeNode | null {
  if (!isRecord(node)) return null
  const { type, value, tagName, properties, children } = node
  if (type === 'text' && typeof value === 'string') return { type, value: cleanText(value) }
  if (type !== 'element' || typeof tagName !== 'string' || !isRecord(properties)) return null
  const names = allowed.get(tagName)
  const checkedChildren = checkChildren(children, depth + 1, count)
  if (names === undefined || checkedChildren === null) return null
  const entries = Object.entries(properties).filter(([, one]) => one !== null && one !== undefined)
  if (!entries.every(([name, one]) => names.includes(name) && isAllowedValue(name, one))) return null
  const { dataAddress } = properties
  if (dataAddress !== undefined && readAddress(String(dataAddress)) === null) return null
  return {
    type,
    tagName,
    properties: Object.fromEntries(entries) as Record<string, TreeValue>,
    children: checkedChildren,
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

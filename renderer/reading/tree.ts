// What a parsed block is on its way from the worker to the page: a hast tree (github.com/syntax-tree/hast) of elements and text, and nothing else.

export type TreeValue = string | number | boolean | readonly (string | number)[]

export interface TreeText {
  readonly type: 'text'
  readonly value: string
}

export interface TreeElement {
  readonly type: 'element'
  readonly tagName: string
  readonly properties: Readonly<Record<string, TreeValue>>
  readonly children: readonly TreeNode[]
}

export type TreeNode = TreeElement | TreeText

/** All text below some nodes, in order. */
export function textOf(nodes: readonly TreeNode[]): string {
  return nodes.map((node) => (node.type === 'text' ? node.value : textOf(node.children))).join('')
}

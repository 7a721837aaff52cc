// One block of markdown.

import { toJsxRuntime } from 'hast-util-to-jsx-runtime'
import { memo, useMemo } from 'react'
import { Fragment, jsx, jsxs } from 'react/jsx-runtime'
import { isTooMuch } from '../../reading/isTooMuch.ts'
import type { TreeNode } from '../../reading/tree.ts'
import { elements } from './elements.tsx'
import { useParsed } from './useParsed.ts'

interface MarkdownBlockProps {
  readonly source: string
  readonly owner: object
  readonly isGrowing: boolean
}

export const MarkdownBlock = memo(function MarkdownBlock({ source, owner, isGrowing }: MarkdownBlockProps) {
  const request = useMemo(
    () => (source === '' || isTooMuch(source) ? null : ({ kind: 'markdown', text: source, maths: 'page' } as const)),
    [source],
  )
  const answer = useParsed(request, owner, isGrowing)
  if (source === '') return null
  return (
    <div className="reading-block">
      {answer?.kind === 'tree' ? <Tree nodes={answer.nodes} /> : <p className="reading-plain">{source}</p>}
    </div>
  )
})

/** What checkTree.ts has let through. */
export const Tree = memo(function Tree({ nodes }: { readonly nodes: readonly TreeNode[] }) {
  const root = { type: 'root', children: nodes } as Parameters<typeof toJsxRuntime>[0]
  return toJsxRuntime(root, { Fragment, jsx, jsxs, components: elements, ignoreInvalidStyle: true, passNode: true })
})

// A fence at the left edge of a text: shown as it is written, in colours when it is finished.
import { memo, useMemo } from 'react'
import { limits } from '../../reading/limits.ts'
import type { TreeNode } from '../../reading/tree.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { Tree } from './MarkdownBlock.tsx'
import { useParsed } from './useParsed.ts'

interface CodeFenceProps {
  readonly code: string
  readonly language: string
  readonly isClosed: boolean
  readonly owner: object
  readonly isGrowing: boolean
}

export const CodeFence = memo(function CodeFence({ code, language, isClosed, owner, isGrowing }: CodeFenceProps) {
  const isUnfinished = isGrowing && !isClosed
  const hasColours = language !== '' && !isUnfinished && code.length <= limits.codeCharacters
  const request = useMemo(
    () => (hasColours ? ({ kind: 'code', text: code, language } as const) : null),
    [hasColours, code, language],
  )
  const answer = useParsed(request, owner, false)
  const coloured = answer?.kind === 'tree' ? insideOf(answer.nodes) : null
  return (
    <div className="reading-block">
      <CodeBlock code={code} language={language} isUnfinished={isUnfinished}>
        {coloured === null ? code : <Tree nodes={coloured} />}
      </CodeBlock>
    </div>
  )
})

/** Of `pre` and `code`, which CodeBlock makes itself. */
function insideOf(nodes: readonly TreeNode[]): readonly TreeNode[] | null {
  const [pre] = nodes
  const [code] = pre?.type === 'element' ? pre.children : []
  return code?.type === 'element' ? code.children : null
}

// What the page asks of the parsing worker, and what comes back.
import type { TreeNode } from './tree.ts'

export type ParseRequest =
  | {
      readonly kind: 'markdown'
      readonly text: string
      /** For the page KaTeX's own layout with MathML for screen readers; in a file, which has no styles, MathML alone. */
      readonly maths: 'page' | 'file'
    }
  | { readonly kind: 'code'; readonly text: string; readonly language: string }

export type ParseAnswer =
  | { readonly kind: 'tree'; readonly nodes: readonly TreeNode[] }
  /** Too large, too deep or not to be parsed in time: it is shown as it was written. */
  | { readonly kind: 'plain' }

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ParseAnswer }

export interface WorkerOrder {
  readonly id: number
  readonly request: ParseRequest
}

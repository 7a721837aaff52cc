// A formula by KaTeX, as a tree. KaTeX writes a string of markup; it is read here by a few lines rather than by an HTML parser, which a worker does not have:
// the markup is always well formed, and whatever is not understood makes the formula plain.
import katex from 'katex'
import { limits } from './limits.ts'
import type { TreeElement, TreeNode } from './tree.ts'

/** The formula, or its source where KaTeX refuses it. */
export function renderFormula(source: string, isDisplay: boolean, form: 'page' | 'file'): TreeElement {
  return renderByKatex(source, isDisplay, form) ?? plainFormula(source)
}

function renderByKatex(source: string, isDisplay: boolean, form: 'page' | 'file'): TreeElement | null {
  if (source.length > limits.formulaCharacters) return null
  try {
    const markup = katex.renderToString(source, {
      displayMode: isDisplay,
      output: form === 'page' ? 'htmlAndMathml' : 'mathml',
      throwOnError: true,
      strict: 'ignore',
      // No links, images, classes or styles from the text; no definition outlives its formula.
      trust: false,
      maxExpand: 200,
      maxSize: 20,
      errorColor: 'currentcolor',
      macros: {},
    })
    const [root, ...others] = readMarkup(markup) ?? []
    if (root?.type !== 'element' || others.length > 0) return null
    return {
      ...root,
      tagName: 'span',
      properties: { className: ['maths', isDisplay ? 'maths-display' : 'maths-inline'] },
      children: [root],
    }
  } catch {
    return null
  }
}

function plainFormula(source: string): TreeElement {
  return {
    type: 'element',
    tagName: 'code',
    properties: { className: ['maths-plain'] },
    children: [{ type: 'text', value: source }],
  }
}

const token = /<(\/?)([a-zA-Z]+)((?:\s+[a-zA-Z:-]+="[^"]*")*)\s*(\/?)>|([^<]+)|(<)/gy

/** null where it is not what KaTeX writes. */
export function readMarkup(markup: string): readonly TreeNode[] | null {
  const root: TreeNode[] = []
  const open: { readonly tagName: string; readonly children: TreeNode[] }[] = []
  for (const [, slash, tagName = '', attributes = '', isEmpty, text, stray] of markup.matchAll(token)) {
    const children = open.at(-1)?.children ?? root
    if (stray !== undefined) return null
    if (text !== undefined) children.push({ type: 'text', value: decoded(text) })
    else if (slash === '/') {
      if (open.pop()?.tagName !== tagName) return null
    } else {
      const element = { type: 'element' as const, tagName, properties: readAttributes(attributes), children: [] }
      children.push(element)
      if (isEmpty !== '/') open.push(element)
    }
  }
  return open.length === 0 ? root : null
}

function readAttributes(attributes: string): TreeElement['properties'] {
  return Object.fromEntries(
    [...attributes.matchAll(/([a-zA-Z:-]+)="([^"]*)"/g)]
      // The only namespace is MathML's and SVG's own, which React and HTML know by the element.
      .filter(([, name]) => name !== 'xmlns')
      .map(([, name = '', value = '']) => {
        if (name === 'class') return ['className', decoded(value).split(/\s+/).filter(Boolean)]
        return [propertyNames[name] ?? name, decoded(value)]
      }),
  )
}

const propertyNames: Readonly<Record<string, string>> = { 'aria-hidden': 'ariaHidden', 'stroke-width': 'strokeWidth' }

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  nbsp: '\u00A0',
}

function decoded(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
}

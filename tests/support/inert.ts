// What may never be in shown text, as a list of its own: independent of what the app allows. For trees as the parser gives them and for pages.
import type { TreeNode } from '../../renderer/reading/tree.ts'

/** Words that break a rule, one for each break. */
export function treeFindings(nodes: readonly TreeNode[]): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.type === 'text')
      return hidden.test(node.value) ? [`hidden characters in ${JSON.stringify(node.value)}`] : []
    return [
      ...(forbidden.has(node.tagName) ? [`<${node.tagName}>`] : []),
      ...Object.entries(node.properties).flatMap(([name, value]) => judge(node.tagName, name, String(value))),
      ...treeFindings(node.children),
    ]
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const hidden = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/
const forbidden = new Set(
  (
    'script style link meta base iframe frame frameset object embed applet portal webview fencedframe img image picture source video audio track form ' +
    'input button select option textarea dialog template slot noscript title html head body use animate set animatetransform foreignobject feimage filter ' +
    'annotation-xml maction mglyph malignmark details summary marquee map area canvas font center'
  ).split(' '),
)
const forbiddenNames =
  /^(on.*|href|src|srcset|srcdoc|xlink.*|action|formaction|id|name|poster|data|background|ping|target|rel|for|form|usemap|popovertarget|command.*|is|slot|contenteditable|autofocus)$/i

function judge(tagName: string, name: string, value: string): readonly string[] {
  // `form` is also how an operator of MathML stands: prefix, infix, postfix.
  if (tagName === 'mo' && name === 'form') return []
  if (forbiddenNames.test(name)) return [`${name} of <${tagName}>`]
  if (name === 'dataAddress') {
    return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? [] : [`the address ${value}`]
  }
  if (name === 'style' && /url|fixed|absolute|sticky|expression|import|behavior|-moz/i.test(value))
    return [`style ${value}`]
  return []
}

/** The same of what stands in a page, with the app's own buttons in it. It runs in the page: nothing from outside its braces. */
export function pageFindings(root: Element): readonly string[] {
  const own = new Set([
    ...[
      'DIV',
      'P',
      'H3',
      'H4',
      'H5',
      'H6',
      'EM',
      'STRONG',
      'DEL',
      'BR',
      'HR',
      'BLOCKQUOTE',
      'UL',
      'OL',
      'LI',
      'CODE',
      'PRE',
    ],
    ...[
      'TABLE',
      'THEAD',
      'TBODY',
      'TR',
      'TH',
      'TD',
      'SPAN',
      'SUP',
      'BUTTON',
      'FIGURE',
      'FIGCAPTION',
      'ARTICLE',
      'MAIN',
    ],
  ])
  return [...root.querySelectorAll('*')].flatMap((element) => {
    const isMaths = element.closest('.maths') !== null
    const isDrawing = ['svg', 'path', 'line', 'rect', 'circle'].includes(element.tagName)
    const isMathMl = element.namespaceURI === 'http://www.w3.org/1998/Math/MathML'
    const isOwnIcon = isDrawing && element.closest('.lucide') !== null
    const names = element.getAttributeNames()
    return [
      ...(own.has(element.tagName) || isOwnIcon || (isMaths && (isDrawing || isMathMl))
        ? []
        : [`<${element.tagName}>`]),
      ...names.filter((name) =>
        /^(on|href$|src|xlink|action|formaction|id$|name$|poster|data$|ping|target$|popover|command|autofocus|contenteditable)/.test(
          name,
        ),
      ),
      ...names.filter(
        (name) => name === 'style' && /url\(|fixed|absolute|sticky/i.test(element.getAttribute(name) ?? ''),
      ),
      ...(element.tagName === 'BUTTON' && element.getAttribute('type') !== 'button' ? ['a button that sends'] : []),
    ]
  })
}

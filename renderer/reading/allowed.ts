// Which elements, properties and classes a parsed block may hold. One list for the worker's sanitizer, for the page's own check of what the worker
// sent, and for the file that an export writes. There is no address among them but data-address of `a`, and no id.

const nothing: readonly string[] = []

const text = {
  p: ['className'],
  h1: nothing,
  h2: nothing,
  h3: nothing,
  h4: nothing,
  h5: nothing,
  h6: nothing,
  em: nothing,
  strong: nothing,
  del: nothing,
  br: nothing,
  hr: nothing,
  blockquote: nothing,
  ul: nothing,
  ol: ['start'],
  li: ['className'],
  code: ['className'],
  pre: nothing,
  table: nothing,
  thead: nothing,
  tbody: nothing,
  tr: nothing,
  th: ['align'],
  td: ['align'],
  a: ['dataAddress'],
  div: ['className', 'dataLabel'],
  span: ['className', 'style', 'ariaHidden', 'dataKind', 'dataHost', 'dataLabel', 'dataDone'],
}

const drawing = {
  svg: ['width', 'height', 'viewBox', 'preserveAspectRatio'],
  path: ['d'],
  line: ['x1', 'y1', 'x2', 'y2', 'strokeWidth'],
}

const mathValues = ['mathvariant', 'mathcolor', 'mathbackground', 'mathsize']
const maths = {
  math: ['display'],
  semantics: nothing,
  annotation: ['encoding'],
  mrow: mathValues,
  mi: mathValues,
  mn: mathValues,
  mo: [
    ...mathValues,
    ...[
      'stretchy',
      'fence',
      'separator',
      'lspace',
      'rspace',
      'minsize',
      'maxsize',
      'symmetric',
      'movablelimits',
      'form',
    ],
    ...['largeop', 'accent', 'linebreak'],
  ],
  mtext: mathValues,
  ms: mathValues,
  mspace: ['width', 'height', 'depth', 'linebreak', 'mathbackground'],
  msup: nothing,
  msub: nothing,
  msubsup: nothing,
  mfrac: ['linethickness', 'bevelled'],
  msqrt: nothing,
  mroot: nothing,
  mover: ['accent'],
  munder: ['accentunder'],
  munderover: nothing,
  mmultiscripts: nothing,
  mprescripts: nothing,
  none: nothing,
  mtable: ['columnalign', 'rowspacing', 'columnspacing', 'columnlines', 'rowlines', 'frame', 'width', 'side', 'align'],
  mtr: nothing,
  mlabeledtr: nothing,
  mtd: ['columnalign', 'width'],
  mstyle: [...mathValues, 'displaystyle', 'scriptlevel'],
  mpadded: ['width', 'height', 'depth', 'lspace', 'voffset', ...mathValues],
  mphantom: nothing,
  menclose: ['notation', ...mathValues],
}

/** Properties by element, as hast names them. */
export const allowed: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ ...text, ...drawing, ...maths }),
)

export const mathElements: ReadonlySet<string> = new Set(Object.keys(maths))

/** What highlighting, KaTeX and this folder name things. */
const classPattern = /^(hljs(-[\w-]{1,40})?|language-[\w+#.-]{1,30}|[a-zA-Z][a-zA-Z0-9_-]{0,30}_?)$/
const styleProperties = new Set(
  (
    'height width min-width top left bottom vertical-align margin-left margin-right margin-top margin-bottom padding-left padding-right ' +
    'border-width border-top-width border-right-width border-bottom-width border-left-width border-style border-color color background-color position font-size'
  ).split(' '),
)
const styleValue =
  /^(-?\d{0,5}(\.\d{0,10})?(em|ex|mu|px|pt|%)?|#[\da-fA-F]{3,8}|[a-zA-Z]{1,24}|calc\([\d.%em +-]{1,40}\))$/

function isAllowedStyle(style: string): boolean {
  return style
    .split(';')
    .filter((one) => one !== '')
    .every((one) => {
      const colon = one.indexOf(':')
      const name = one.slice(0, colon).trim()
      const value = one.slice(colon + 1).trim()
      // KaTeX moves nothing out of the flow; `fixed` would cover the window.
      return styleProperties.has(name) && styleValue.test(value) && (name !== 'position' || value === 'relative')
    })
}

const plainValue = /^[\w\s.,%#+\-/]{0,200}$/
const pathValue = /^[\d\sa-zA-Z.,+-]{0,20000}$/

/** Whether a property of an allowed element has a value that belongs there. Addresses are looked at by whoever shows them. */
export function isAllowedValue(name: string, value: unknown): boolean {
  switch (name) {
    case 'className':
      return Array.isArray(value) && value.every((one) => typeof one === 'string' && classPattern.test(one))
    case 'style':
      return typeof value === 'string' && isAllowedStyle(value)
    case 'd':
      return typeof value === 'string' && pathValue.test(value)
    case 'dataAddress':
    case 'dataHost':
    case 'dataLabel':
      return typeof value === 'string' && value.length <= 4000
    case 'start':
      return typeof value === 'number'
    default:
      return typeof value === 'boolean' || (typeof value === 'string' && plainValue.test(value))
  }
}

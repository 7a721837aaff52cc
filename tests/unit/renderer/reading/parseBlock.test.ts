// What a block is read as, and what is refused; cleaning, addresses and the page's own check.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAddress } from '../../../../renderer/reading/address.ts'
import { checkTree } from '../../../../renderer/reading/checkTree.ts'
import { cleanText } from '../../../../renderer/reading/cleanText.ts'
import { limits } from '../../../../renderer/reading/limits.ts'
import { parseBlock } from '../../../../renderer/reading/parseBlock.ts'
import { portionOf } from '../../../../renderer/reading/portion.ts'
import { withReferences } from '../../../../renderer/reading/references.ts'
import { splitBlocks } from '../../../../renderer/reading/splitBlocks.ts'
import type { TreeNode } from '../../../../renderer/reading/tree.ts'
import { hostileTexts } from '../../../support/hostileTexts.ts'

const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1_000_000)
console.info(`parseBlock: seed ${seed}`)

/** A tree in few words: `p(em(a) "b")`. */
function words(nodes: readonly TreeNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.value === '\n' ? '' : node.value
      const { className, dataAddress, dataKind } = node.properties
      const marks = [className, dataAddress, dataKind].flat().filter((one) => one !== undefined)
      return `${node.tagName}${marks.length === 0 ? '' : `[${marks.join(' ')}]`}(${words(node.children)})`
    })
    .join('')
}

function read(text: string): string {
  const answer = parseBlock({ kind: 'markdown', text, maths: 'page' })
  return answer.kind === 'plain' ? 'plain' : words(answer.nodes).replace(/(\[katex\])\(.*\)\)/s, '$1)')
}

describe('a block is read', () => {
  test.each<readonly [text: string, tree: string]>([
    ['*a* **b** ~~c~~ `d`', 'p(em(a) strong(b) del(c) code(d))'],
    ['~a~', 'p(~a~)'],
    ['a<br>b', 'p(a<br>b)'],
    ['<div>\n*a*\n</div>', 'p[source](<div>\n*a*\n</div>)'],
    ['- [x] a\n- [ ] b', 'ul(li[task](span[task]()a)li[task](span[task]()b))'],
    ['|a|\n|-|\n|b|', 'table(thead(tr(th(a)))tbody(tr(td(b))))'],
    ['[a](https://example.org)', 'p(a[https://example.org/](a))'],
    ['[a](/b)', 'p(a (/b))'],
    ['[a](javascript:b)', 'p(a (javascript:b))'],
    ['mail@example.org', 'p(mail@example.org)'],
    ['https://example.org/a.', 'p(a[https://example.org/a](https://example.org/a).)'],
    ['![a](https://example.org/b.png)', 'p(span[picture](a))'],
    ['![a *b*][c]\n\n[c]: https://example.org', 'p(span[picture](a b))'],
    ['[^1]\n\n[^1]: a', 'p(span[reference](1))div[footnote](p(a))'],
    ['from $5 to $10', 'p(from $5 to $10)'],
    ['$ a $', 'p($ a $)'],
    ['$a$', 'p(span[maths maths-inline](span[katex])'],
    ['\\( a \\)', 'p(span[maths maths-inline](span[katex])'],
    ['a\n\\[\na\n\\]', 'p(a)span[maths maths-display](span[katex-display](span[katex])'],
    ['\\[1\\] is a bracket', 'p([1] is a bracket)'],
    ['`\\(a\\)`', 'p(code(\\(a\\)))'],
    ['    sed "s/\\(a\\)/b/"', 'pre(code(sed "s/\\(a\\)/b/"\n))'],
    ['\\(5$\\)', 'p((5$))'],
    ['$\\notacommand$', 'p(code[maths-plain](\\notacommand))'],
    ['&lt;b&gt; &#x202E;&#27;', 'p(<b> \uFFFD)'],
    ['```js\nlet a\n```', 'pre(code[hljs language-js](span[hljs-keyword](let) a\n))'],
    ['```notalanguage\na\n```', 'pre(code[hljs language-notalanguage](a\n))'],
    ['[![a](https://example.org/b)](https://example.org/c)', 'p(a[https://example.org/c](span[picture](a)))'],
    ['[a[^1]](https://example.org)\n\n[^1]: b', 'p(a[https://example.org/](a[1]))div[footnote](p(b))'],
  ])('%j', (text, tree) => {
    expect(read(text)).toBe(tree)
  })

  test.each<readonly [name: string, text: string]>([
    ['too long', 'a'.repeat(limits.blockCharacters + 1)],
    ['too wide', `${'|a'.repeat(60)}|\n${'|-'.repeat(60)}|`],
    ['quoted too deep', `${'>'.repeat(30)}a`],
    ['nested too deep', Array.from({ length: 60 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['too many formulas', '$x_1^2$ '.repeat(900)],
  ])('not when it is %s', (_name, text) => {
    expect(read(text)).toBe('plain')
  })
})

test.each([
  '\\href{https://example.org}{x}',
  '\\url{https://example.org}',
  '\\htmlId{root}{x}',
  '\\htmlClass{dialog}{x}',
])('a formula that asks for more than a formula gets none of it: %s', (formula) => {
  const answer = parseBlock({ kind: 'markdown', text: `$${formula}$`, maths: 'page' })
  expect(answer.kind).toBe('tree')
  expect(JSON.stringify(answer)).not.toMatch(/"tagName":"a"|"className":\[[^\]]*"dialog"|"id"/)
})

test('a definition elsewhere in the text is found, of links and of footnotes', () => {
  const sources = withReferences(splitBlocks('[a] and [b][A] and [^n]\n\n[a]: https://example.org\n\n[^n]: note'))
  expect(read(sources[0] ?? '')).toBe(
    'p(a[https://example.org/](a) and a[https://example.org/](b) and span[reference](n))',
  )
})

describe('cleaning', () => {
  test.each([
    ['a\u202Eb\u2066c\u200Ed', 'abcd'],
    ['a\u0000\u0007\u001B[31mb\u009B', 'a[31mb'],
    ['a\r\nb\rc\u2028d\te', 'a\nb\nc\nd\te'],
    ['a\uD800b', 'a\uFFFDb'],
    ['\u{1F468}\u200D\u{1F469}', '\u{1F468}\u200D\u{1F469}'],
    ['\u0645\u06CC\u200C\u062E', '\u0645\u06CC\u200C\u062E'],
    ['a\u{E0069}\u{E0067}b', 'ab'],
    ['\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}', '\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean)
  })

  test('twice is once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(cleanText(cleanText(text))).toBe(cleanText(text))
      }),
      { seed, numRuns: 2000 },
    )
  })
})

describe('an address', () => {
  test.each([
    ['https://example.org', { href: 'https://example.org/', host: 'example.org' }],
    ['HTTP://EXAMPLE.org:8080/a?b#c', { href: 'http://example.org:8080/a?b#c', host: 'example.org:8080' }],
    ['https://\u0430pple.com', { href: 'https://xn--pple-43d.com/', host: 'xn--pple-43d.com' }],
    ['https://evil\u3002example', { href: 'https://evil.example/', host: 'evil.example' }],
  ])('%s is one', (text, address) => {
    expect(readAddress(text)).toEqual(address)
  })

  test.each([
    ...['', 'example.org', '//example.org', 'https:example.org', 'https://', 'https://a b', 'https://a:b@example.org'],
    ...[
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///a',
      'https://example.org/\u202E',
      'https://example.org/\u0007',
    ],
    ...[
      'https://example.org\n',
      `https://example.org/${'a'.repeat(5000)}`,
      'https:\\\\example.org',
      ' https://example.org',
    ],
  ])('%j is none', (text) => {
    expect(readAddress(text)).toBe(null)
  })
})

describe('the page lets through', () => {
  const element = (tagName: string, properties: object) => [{ type: 'element', tagName, properties, children: [] }]

  test('what the parser makes of every text', () => {
    for (const { text } of hostileTexts) {
      const answer = parseBlock({ kind: 'markdown', text, maths: 'page' })
      if (answer.kind === 'tree') expect(checkTree(answer.nodes)).toEqual(answer.nodes)
    }
  })

  test.each<readonly [name: string, nodes: unknown]>([
    ['an element that is not allowed', element('script', {})],
    ['a picture', element('img', { src: 'a' })],
    ['a handler', element('p', { onClick: 'a' })],
    ['an id', element('p', { id: 'root' })],
    ['an address to follow', element('a', { href: 'https://example.org' })],
    ['an address of another program', element('a', { dataAddress: 'javascript:a' })],
    ['a style that fetches', element('span', { style: 'background-color:url(http://evil.example)' })],
    ['a style that covers', element('span', { style: 'position:fixed' })],
    ['a class of two words', element('span', { className: ['a b'] })],
    ['something that is no tree', 'a'],
    ['something that is no node', [{ type: 'raw', value: '<b>' }]],
    ['a function', element('p', { className: () => 'a' })],
    ['markup', element('p', { dangerouslySetInnerHTML: { __html: 'a' } })],
    ['too many nodes', Array.from({ length: limits.nodes + 1 }, () => ({ type: 'text', value: 'a' }))],
  ])('never %s', (_name, nodes) => {
    expect(checkTree(nodes)).toBe(null)
  })

  test('never more depth than the page can show', () => {
    let nodes: readonly TreeNode[] = []
    for (let depth = 0; depth < 200; depth += 1)
      nodes = [{ type: 'element', tagName: 'em', properties: {}, children: nodes }]
    expect(checkTree(nodes)).toBe(null)
  })
})

test('of a long text a portion is shown, of one that is being written all', () => {
  const text = 'word '.repeat(20_000)
  const first = portionOf(text, 1, false)
  expect(first.hiddenCharacters).toBe(text.length - limits.shownCharacters)
  expect(portionOf(text, 3, false).hiddenCharacters).toBe(0)
  expect(portionOf(text, 1, true).hiddenCharacters).toBe(0)
  const headings = portionOf('```\n```\n'.repeat(1000), 1, false)
  expect(headings.blocks.length).toBe(limits.shownBlocks)
  expect(headings.hiddenCharacters).toBe(8 * (1000 - limits.shownBlocks))
})

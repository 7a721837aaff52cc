// How the elements of a parsed block are shown. Links are buttons, pictures a note, ticks characters; there is no address in the page that anything could follow.
import type { Components } from 'hast-util-to-jsx-runtime'
import { Image } from 'lucide-react'
import { type ComponentProps, type MouseEvent, type ReactNode, use } from 'react'
import { readAddress } from '../../reading/address.ts'
import { type TreeElement, textOf } from '../../reading/tree.ts'
import { t } from '../../words/words.ts'
import { CodeBlock } from './CodeBlock.tsx'
import { LinkContext } from './readingContext.ts'

/** What hast-util-to-jsx-runtime hands over beside the properties. */
interface Given {
  readonly node?: unknown
  readonly children?: ReactNode
}

function Link({ node: _node, children, ...rest }: Given & { readonly 'data-address'?: string }) {
  const open = use(LinkContext)
  const address = readAddress(rest['data-address'] ?? '')
  if (address === null) return children
  const text = textOf((_node as TreeElement | undefined)?.children ?? [])
  const saysItself =
    [address.href, `${address.href}/`].includes(text) || [address.href, address.host].includes(`${text}/`)
  return (
    // biome-ignore lint/a11y/useSemanticElements: an anchor would have an address that the page could be led to.
    <button type="button" role="link" className="reading-link" title={address.href} onClick={() => open(address.href)}>
      <span className="reading-link-text">{children}</span>
      {saysItself ? null : (
        <>
          {' '}
          <span className="reading-host">({address.host})</span>
        </>
      )}
    </button>
  )
}

interface SpanGiven extends Given, Omit<ComponentProps<'span'>, 'children'> {
  readonly 'data-kind'?: string
  readonly 'data-host'?: string
  readonly 'data-label'?: string
  readonly 'data-done'?: unknown
}

function Span({
  node,
  children,
  'data-kind': kind,
  'data-host': host,
  'data-label': label = '',
  'data-done': done,
  ...rest
}: SpanGiven) {
  switch (kind) {
    case 'picture':
      return (
        <span className="reading-picture">
          <Image aria-hidden="true" />
          <span className="visually-hidden">{t('reading.picture')} </span>
          {textOf((node as TreeElement).children) || t('reading.picture')}
          {host === undefined || host === '' ? null : (
            <>
              {' '}
              <span className="reading-host">({host})</span>
            </>
          )}
        </span>
      )
    case 'task': {
      const isDone = done === true || done === 'true'
      return (
        <span className="reading-task" role="img" aria-label={isDone ? t('reading.done') : t('reading.open')}>
          {isDone ? '☑' : '☐'}
        </span>
      )
    }
    case 'reference':
      return (
        <sup>
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          <button
            type="button"
            role="link"
            className="reading-reference"
            aria-label={t('reading.footnote', { label })}
            onClick={goToFootnote}
          >
            {label}
          </button>
        </sup>
      )
    default:
      return <span {...rest}>{children}</span>
  }
}

/** Footnotes have no ids, which could name something of the page: the one of this message with the same label. */
function goToFootnote({ currentTarget }: MouseEvent<HTMLElement>): void {
  const notes = currentTarget.closest('.reading')?.querySelectorAll<HTMLElement>('.footnote') ?? []
  const note = [...notes].find(({ dataset }) => dataset.label === currentTarget.textContent)
  note?.scrollIntoView({ block: 'nearest' })
  note?.focus()
}

function Div({
  node: _node,
  children,
  'data-label': label = '',
  ...rest
}: Given & { readonly 'data-label'?: string; readonly className?: string }) {
  if (rest.className !== 'footnote') return <div {...rest}>{children}</div>
  return (
    <div
      className="footnote"
      data-label={label}
      tabIndex={-1}
      role="note"
      aria-label={t('reading.footnote', { label })}
    >
      <span className="footnote-label">{label}</span>
      <div>{children}</div>
    </div>
  )
}

function Code({ node }: Given) {
  const [code] = (node as TreeElement).children
  if (code?.type !== 'element') return null
  const { className } = code.properties
  const language = Array.isArray(className) ? className.find((one) => String(one).startsWith('language-')) : undefined
  return (
    <CodeBlock
      code={textOf(code.children).replace(/\n$/, '')}
      language={String(language ?? '').slice(9)}
      isUnfinished={false}
    >
      <Coloured nodes={code.children} />
    </CodeBlock>
  )
}

/** Highlighted code is spans and text, nothing else. */
function Coloured({ nodes }: { readonly nodes: TreeElement['children'] }): ReactNode {
  return nodes.map((node, index) =>
    node.type === 'text' ? (
      node.value
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: they do not change.
      <span key={index} className={[node.properties.className].flat().join(' ')}>
        <Coloured nodes={node.children} />
      </span>
    ),
  )
}

function Table({ node: _node, children }: Given) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a group of form fields it is not.
    <div className="reading-table" tabIndex={0} role="group" aria-label={t('reading.table')}>
      <table>{children}</table>
    </div>
  )
}

interface HeadingGiven extends Given {
  readonly level: 3 | 4 | 5 | 6
  readonly size: number
}

/** A message is below two levels of the window's own headings. */
function Heading({ level, size, children }: HeadingGiven) {
  const Tag = `h${level}` as const
  return (
    <Tag dir="auto" className={`reading-heading reading-heading-${size}`}>
      {children}
    </Tag>
  )
}

/** The direction of each block is that of its first strong letter. */
export const elements: Partial<Components> = {
  a: Link,
  span: Span,
  div: Div,
  pre: Code,
  table: Table,
  h1: ({ children }) => (
    <Heading level={3} size={1}>
      {children}
    </Heading>
  ),
  h2: ({ children }) => (
    <Heading level={3} size={2}>
      {children}
    </Heading>
  ),
  h3: ({ children }) => (
    <Heading level={4} size={3}>
      {children}
    </Heading>
  ),
  h4: ({ children }) => (
    <Heading level={5} size={4}>
      {children}
    </Heading>
  ),
  h5: ({ children }) => (
    <Heading level={6} size={5}>
      {children}
    </Heading>
  ),
  h6: ({ children }) => (
    <Heading level={6} size={6}>
      {children}
    </Heading>
  ),
  p: ({ node: _node, ...rest }) => <p dir="auto" {...rest} />,
  li: ({ node: _node, ...rest }) => <li dir="auto" {...rest} />,
  ul: ({ node: _node, ...rest }) => <ul dir="auto" {...rest} />,
  ol: ({ node: _node, ...rest }) => <ol dir="auto" {...rest} />,
  blockquote: ({ node: _node, ...rest }) => <blockquote dir="auto" {...rest} />,
  td: ({ node: _node, ...rest }) => <td dir="auto" {...rest} />,
  th: ({ node: _node, ...rest }) => <th dir="auto" {...rest} />,
  code: ({ node: _node, ...rest }) => <code dir="ltr" {...rest} />,
}

// Shown text in a page: what a person sees, hears and can press. Parsing happens in place here, or by the test's hand.
import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { renderHtml } from '../../renderer/reading/exportHtml.ts'
import type { Reader } from '../../renderer/reading/reader.ts'
import { PlainText } from '../../renderer/views/reading/PlainText.tsx'
import { Reading } from '../../renderer/views/reading/Reading.tsx'
import { ReadingContext } from '../../renderer/views/reading/readingContext.ts'
import { hostileTexts } from '../support/hostileTexts.ts'
import { pageFindings } from '../support/inert.ts'
import { readerByHand, readerInPlace } from '../support/parserPort.ts'
import { violations } from '../support/shell.tsx'

const settle = () => act(() => new Promise<void>((done) => setTimeout(done, 0)))

async function open(
  text: string,
  { isLive = false, reader = readerInPlace() }: { isLive?: boolean; reader?: Reader } = {},
) {
  const opened: string[] = []
  const copied: string[] = []
  const parts = {
    reader: () => reader,
    nextFrame: (call: () => void) => void setTimeout(call, 0),
    copyText: async (code: string) => {
      if (code.includes('refuse')) throw new Error('no clipboard')
      copied.push(code)
    },
  }
  const shown = (now: string, live: boolean) => (
    <main>
      <h1>Chat</h1>
      <h2>Model</h2>
      <ReadingContext value={parts}>
        <Reading text={now} isLive={live} onLink={(address) => void opened.push(address)} />
      </ReadingContext>
    </main>
  )
  const view = render(shown(text, isLive))
  await settle()
  await settle()
  return {
    opened,
    copied,
    user: userEvent.setup(),
    update: async (now: string, live: boolean) => {
      view.rerender(shown(now, live))
      await settle()
      await settle()
    },
  }
}

const sample = `# Title

Some *emphasis*, [a link](https://example.org/a), https://example.org/b, ![a cat](https://evil.example/cat.png) and a note[^1].

- [x] done
- [ ] to do

| a | b |
|---|---|
| 1 | 2 |

\`\`\`js
const a = 1
\`\`\`

    other code

$x^2$ and [bad](javascript:alert) <b onclick="x">raw</b>

[^1]: the note`

test('everything there is has a name, and nothing is against the rules of accessibility', async () => {
  await open(sample)
  expect(await violations()).toEqual([])
  expect(screen.getByRole('heading', { level: 3, name: 'Title' })).toBeTruthy()
  expect(screen.getByRole('img', { name: 'Done:' })).toBeTruthy()
  expect(screen.getByRole('group', { name: 'Code in js' }).tabIndex).toBe(0)
  expect(screen.getByRole('group', { name: 'Table' }).tabIndex).toBe(0)
  expect(document.body.textContent).toContain('bad (javascript:alert)')
  expect(document.body.textContent).toContain('<b onclick="x">raw</b>')
  expect(document.querySelector('.katex math')).toBeTruthy()
})

test('a link is a button that says where it leads and goes only through the app', async () => {
  const { user, opened } = await open(sample)
  await user.click(screen.getByRole('link', { name: /^a link \(example\.org\)$/ }))
  screen.getByRole('link', { name: 'https://example.org/b' }).focus()
  await user.keyboard('{Enter}')
  expect(opened).toEqual(['https://example.org/a', 'https://example.org/b'])
  expect(document.querySelectorAll('[href], a, img').length).toBe(0)
})

test('a host is shown as the network will see it', async () => {
  await open('[https://apple.com](https://\u0430pple.com) https://\u0430pple.com')
  const names = screen.getAllByRole('link').map(({ textContent }) => textContent)
  expect(names).toEqual(['https://apple.com (xn--pple-43d.com)', 'https://\u0430pple.com (xn--pple-43d.com)'])
})

test('a picture is a note of what it would be and where it would come from', async () => {
  await open('![a cat](https://evil.example/cat.png?d=SECRET) ![](data:image/png;base64,x)')
  const [cat, nameless] = [...document.querySelectorAll('.reading-picture')].map(({ textContent }) => textContent)
  expect([cat, nameless]).toEqual(['Picture a cat (evil.example)', 'Picture Picture'])
})

test('a footnote is found from its sign, without any id', async () => {
  const { user } = await open(sample)
  await user.click(screen.getByRole('link', { name: 'Footnote 1' }))
  expect(document.activeElement?.textContent).toContain('the note')
  expect(document.querySelectorAll('[id], [name]').length).toBe(0)
})

test('code is copied clean and said to be, or not to be', async () => {
  const { user, copied } = await open('```sh\nls\u001b[2J \u202Eecho\n```\n\n```\nrefuse\n```')
  const [first, second] = screen.getAllByRole('button', { name: 'Copy' })
  if (first === undefined || second === undefined) throw new Error('two buttons')
  await user.click(first)
  expect(copied).toEqual(['ls[2J echo'])
  expect(screen.getByText('Copied').getAttribute('aria-live')).toBe('polite')
  await user.click(second)
  expect(screen.getByText('Not copied')).toBeTruthy()
})

test('long code is folded and can be unfolded', async () => {
  const { user } = await open(`\`\`\`\n${'line\n'.repeat(100)}\`\`\``)
  const code = screen.getByRole('group', { name: 'Code' })
  expect(code.dataset.folded).toBe('true')
  await user.click(screen.getByRole('button', { name: 'Show all 100 lines' }))
  expect(code.dataset.folded).toBe('false')
  expect(screen.getByRole('button', { name: 'Fold the code' }).getAttribute('aria-expanded')).toBe('true')
})

test('of a very long text there is more behind a button', async () => {
  const { user } = await open(`${'word '.repeat(1000)}\n\n`.repeat(10))
  await user.click(screen.getByRole('button', { name: /^Show more: \d+ characters are left$/ }))
  expect(screen.queryByRole('button')).toBe(null)
})

test('a very long text that was seen to grow stays whole', async () => {
  const text = `${'word '.repeat(1000)}\n\n`.repeat(10)
  const { update } = await open(text.slice(0, -100), { isLive: true })
  await update(text, false)
  expect(screen.queryByRole('button')).toBe(null)
})

test('each block has its own direction, and code always runs from left to right', async () => {
  await open('\u0645\u0631\u062D\u0628\u0627\n\nhello `a`\n\n> quote')
  expect([...document.querySelectorAll('p, blockquote')].every((block) => block.getAttribute('dir') === 'auto')).toBe(
    true,
  )
  expect(document.querySelector('code')?.getAttribute('dir')).toBe('ltr')
})

test('while a text grows, only its last block is parsed again, and what was there stays until the answer', async () => {
  const { reader, port } = readerByHand()
  const long = (word: string) => `${word} `.repeat(200)
  const shown = await open(`${long('one')}\n\n${long('two')}`, { isLive: true, reader })
  await act(async () => port().ready())
  const answer = (value: string) => act(async () => port().answer({ kind: 'tree', nodes: [{ type: 'text', value }] }))
  await answer('ONE')
  await answer('TWO')
  expect(document.querySelector('.reading')?.textContent).toBe('ONETWO')
  await shown.update(`${long('one')}\n\n${long('two')} more`, true)
  expect(document.querySelector('.reading')?.textContent).toBe('ONETWO')
  await answer('TWO MORE')
  expect(document.querySelector('.reading')?.textContent).toBe('ONETWO MORE')
  expect(port().orders.map(({ request }) => request.text.slice(0, 3))).toEqual(['one', 'two', 'two'])
})

test('a fence that is being written has no colours and is not folded', async () => {
  const text = `\`\`\`js\n${'const a = 1\n'.repeat(90)}`
  const { update } = await open(text, { isLive: true })
  const code = screen.getByRole('group', { name: 'Code in js' })
  expect([code.dataset.folded, code.querySelectorAll('.hljs-keyword').length]).toEqual(['false', 0])
  await update(`${text}\`\`\`\n`, false)
  expect([code.dataset.folded, code.querySelectorAll('.hljs-keyword').length]).toEqual(['true', 90])
})

test('a text stays as it was written where it cannot be parsed', async () => {
  const { reader, port, timeIsUp } = readerByHand()
  await open('*a*', { reader })
  await act(async () => port().ready())
  await act(async () => void timeIsUp())
  expect(screen.getByText('*a*')).toBeTruthy()
})

test('what a person wrote stands as it was written, without what is not seen', () => {
  render(<PlainText text={'**a**\n<b>\u202E b\u0000'} />)
  expect(document.querySelector('.reading-plain')?.textContent).toBe('**a**\n<b> b')
})

test('hostile texts leave nothing in the page that runs, loads or leads away', async () => {
  const reader = readerInPlace()
  const findings: string[] = []
  for (const { text } of hostileTexts) {
    const view = render(
      <ReadingContext value={{ reader: () => reader, nextFrame: () => {}, copyText: async () => {} }}>
        <Reading text={text} isLive={false} onLink={() => {}} />
      </ReadingContext>,
    )
    await settle()
    findings.push(...pageFindings(view.container).map((finding) => `${finding} in ${text}`))
    view.unmount()
  }
  expect(findings).toEqual([])
}, 60_000)

test('a file gets the same text: escaped, with web links only, and formulas that need no styles', async () => {
  const html = await renderHtml(sample, readerInPlace())
  expect(html).toContain('<h1 dir="auto">Title</h1>')
  expect(html).toContain('<a href="https://example.org/a" rel="noopener noreferrer nofollow">a link</a>')
  expect(html).toContain('[a cat, evil.example]')
  expect(html).toContain('<math>')
  expect(html).toContain('bad (javascript:alert) &lt;b onclick=&quot;x&quot;&gt;raw&lt;/b&gt;')
  expect(html).not.toMatch(/katex-html|style=|data-|annotation/)
})

test('hostile texts are inert in a file, read as a browser reads it', async () => {
  const reader = readerInPlace()
  const findings: string[] = []
  for (const { text } of hostileTexts) {
    const html = await renderHtml(text, reader)
    const page = new DOMParser().parseFromString(`<body>${html}`, 'text/html')
    const harmless =
      'p,h1,h2,h3,h4,h5,h6,em,strong,del,br,hr,blockquote,ul,ol,li,code,pre,table,thead,tbody,tr,th,td,span,sup,div,a,math *,math'
    for (const element of page.body.querySelectorAll('*')) {
      if (!element.matches(harmless)) findings.push(`<${element.tagName}> of ${text}`)
      for (const { name, value } of element.attributes) {
        const isLink = element.tagName === 'A' && name === 'href' && /^https?:\/\//.test(value)
        if (!isLink && /^(on|style|src|href|id$|name$|xlink|data|action|target)/.test(name))
          findings.push(`${name} of ${text}`)
      }
    }
    expect(page.head.childElementCount).toBe(0)
  }
  expect(findings).toEqual([])
}, 60_000)

test('a picture in a table cell keeps its text', async () => {
  await open('| ![x](https://evil.example/a) |\n|---|\n| [y](https://example.org) |')
  expect(within(screen.getByRole('table')).getByRole('link', { name: 'y (example.org)' })).toBeTruthy()
})

// Addresses in texts that a model or a stranger wrote: what may reach the system's browser, and what it gets then.
import { expect, test } from 'vitest'
import { judgeLink } from '../../../electron/services/judgeLink.ts'

const opened: readonly (readonly [address: string, given: string])[] = [
  ['https://example.org', 'https://example.org/'],
  ['https://example.org/', 'https://example.org/'],
  ['HTTPS://EXAMPLE.ORG/Path', 'https://example.org/Path'],
  ['https://example.org/a/b.html?q=1&r=2#part', 'https://example.org/a/b.html?q=1&r=2#part'],
  ['https://example.org:8443/x', 'https://example.org:8443/x'],
  ['https://example.org/a/../b', 'https://example.org/b'],
  ['https://example.org/%0d%0aset-cookie:a', 'https://example.org/%0d%0aset-cookie:a'],
  ['https://münchen.example/', 'https://xn--mnchen-3ya.example/'],
  // Cyrillic letters that look Latin.
  ['https://раураl.com/', 'https://xn--l-7sba6dbr.com/'],
  ['https://127.0.0.1:8080/', 'https://127.0.0.1:8080/'],
  ['https://[::1]/', 'https://[::1]/'],
  ['https://0x7f.1/', 'https://127.0.0.1/'],
  ['https://example.org/Größe', 'https://example.org/Gr%C3%B6%C3%9Fe'],
  ['https://example.org/"quoted"', 'https://example.org/%22quoted%22'],
  ['https://example.org/@name', 'https://example.org/@name'],
  ["https://example.org/'&calc&'", "https://example.org/'&calc&'"],
]

const asked: readonly (readonly [address: string, host: string])[] = [
  ['http://example.org', 'example.org'],
  ['HTTP://Example.Org/x', 'example.org'],
  ['http://localhost:8080/', 'localhost:8080'],
  ['http://192.168.0.1/admin', '192.168.0.1'],
  ['http://2130706433/', '127.0.0.1'],
  ['http://xn--e1awd7f.com/', 'xn--e1awd7f.com'],
  ['http://аpple.com/', 'xn--pple-43d.com'],
]

const refused: readonly string[] = [
  '',
  ' ',
  'example.org',
  '//example.org/share',
  '/etc/passwd',
  '#top',
  '?q=1',
  'https:',
  'https://',
  'https:///example.org',
  'https:example.org',
  'https:/example.org',
  'http:\\\\example.org',
  'https:\\\\example.org\\share',
  'https://example.org\\@evil.example/',
  '\\\\server\\share',
  '\\\\?\\C:\\Windows',
  'C:\\Windows\\System32\\calc.exe',
  'c:/windows/system32/calc.exe',
  'file:///etc/passwd',
  'file://server/share/x.exe',
  'smb://server/share',
  'nfs://server/share',
  'ftp://example.org/',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:https://example.org/1',
  'about:blank',
  'view-source:https://example.org/',
  'ms-msdt:/id PCWDiagnostic /skip force',
  'ms-officecmd:{}',
  'search-ms:query=x&crumb=location:\\\\server\\share',
  'shell:startup',
  'mailto:a@example.org',
  'tel:+1',
  'vscode://file/etc/passwd',
  'slack://open',
  'x-apple.systempreferences:',
  'app://hearth/index.html',
  'hearth-model://x',
  'chrome://settings',
  'devtools://devtools/',
  'intent://x#Intent;end',
  'https://user@example.org/',
  'https://user:secret@example.org/',
  'https://:secret@example.org/',
  'https://www.bank.example@evil.example/',
  'https://example.org/\n',
  '\thttps://example.org/',
  'https://example.org/a b',
  'https://exa\u0000mple.org/',
  'https://example.org/\u0007',
  'https://example.org/\u001b[31m',
  'https://example.org/\u202egpj.exe',
  'https://example.org/\u2066x',
  'https://exam\u200bple.org/',
  'https://example.org/\u2028x',
  'https://example.org/\ud800',
  'https://exa mple.org/',
  'https://[::1',
  'https://example.org:99999/',
  'https://%00/',
  'https://a..%2f/',
  `https://example.org/${'x'.repeat(5000)}`,
  `https://example.org/${'ö'.repeat(1500)}`,
]

test.each(opened)('%j is opened', (address, given) => {
  expect(judgeLink(address)).toEqual({ kind: 'open', address: given, host: new URL(given).host })
})

test.each(asked)('%j is opened when the person agrees to %s', (address, host) => {
  expect(judgeLink(address)).toEqual({ kind: 'ask', address: new URL(address).href, host })
})

test.each(refused)('%j is refused', (address) => {
  expect(judgeLink(address)).toEqual({ kind: 'refused' })
})

test('there are at least sixty', () => {
  expect(opened.length + asked.length + refused.length).toBeGreaterThanOrEqual(60)
})

// Every way a page knows to leave for another one or to open a second window, as the source of an async function; `server` is an address that listens.
export const departures: readonly (readonly [name: string, source: string])[] = [
  ['location', 'location.href = server'],
  ['location.replace', 'location.replace(server)'],
  ['a file', `location.href = 'file:///etc/passwd'`],
  ['another page of its own scheme', `location.href = 'app://other/index.html'`],
  ['a model file', `location.href = 'hearth-model://store/m/' + '0'.repeat(64) + '/0'`],
  ['a data: page', `location.href = 'data:text/html,<b>x</b>'`],
  ['a blob: page', `location.href = URL.createObjectURL(new Blob(['<b>x</b>'], { type: 'text/html' }))`],
  ['a javascript: address', `location.href = 'javascript:void(document.title = 1)'`],
  ['a link', `Object.assign(document.createElement('a'), { href: server }).click()`],
  ['a link with ping', `Object.assign(document.createElement('a'), { href: '#x', ping: server }).click()`],
  [
    'a download',
    `Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.txt' }).click()`,
  ],
  [
    'a form',
    `const f = document.body.appendChild(Object.assign(document.createElement('form'), { action: server, method: 'post' })); f.submit(); f.remove()`,
  ],
  [
    'a form without action',
    `const f = document.body.appendChild(document.createElement('form')); f.submit(); f.remove()`,
  ],
  [
    'a meta refresh',
    `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=' + server }))`,
  ],
  ['window.open', 'window.open(server)'],
  ['window.open of a blank page', `window.open('about:blank')`],
  ['window.open of its own page', 'window.open(location.href)'],
  ['a link to a new window', `Object.assign(document.createElement('a'), { href: server, target: '_blank' }).click()`],
  [
    'a link with an opener',
    `Object.assign(document.createElement('a'), { href: server, target: '_blank', rel: 'opener' }).click()`,
  ],
  [
    'a middle click',
    `Object.assign(document.createElement('a'), { href: server }).dispatchEvent(new MouseEvent('click', { button: 1, ctrlKey: true }))`,
  ],
  ['another program', `location.href = 'mailto:a@example.org'`],
  ['a webview', `document.body.append(Object.assign(document.createElement('webview'), { src: server }))`],
]

import { expect, test } from 'vitest'
import { endpointOf, redirectProblem, repositoryHosts } from '../../../../electron/services/hub/endpoint.ts'

test('the Hub is Hugging Face unless HF_ENDPOINT names a mirror', () => {
  expect(endpointOf({})).toEqual({ origin: 'https://huggingface.co', base: 'https://huggingface.co', token: null })
  expect(endpointOf({ HF_ENDPOINT: 'https://mirror.example:8443/hf/', HF_TOKEN: ' hf_x\n' })).toEqual({
    origin: 'https://mirror.example:8443',
    base: 'https://mirror.example:8443/hf',
    token: 'hf_x',
  })
  expect(endpointOf({ HF_ENDPOINT: 'http://localhost:8080' }).origin).toBe('http://localhost:8080')
  expect(repositoryHosts(endpointOf({ HF_ENDPOINT: 'https://mirror.example' }))).toEqual([
    'mirror.example',
    'huggingface.co',
    'hf.co',
  ])
})

test.each([
  'mirror.example',
  'http://mirror.example',
  'ftp://x',
  'https://me:secret@x',
  'https://x/?a=1',
  'http://192.168.1.5',
])('HF_ENDPOINT=%s is refused: the token would go there', (HF_ENDPOINT) => {
  expect(() => endpointOf({ HF_ENDPOINT })).toThrow('HF_ENDPOINT')
})

const from = (endpoint: string, target: string) =>
  redirectProblem(new URL(target), endpointOf({ HF_ENDPOINT: endpoint }))
const hub = 'https://huggingface.co'

test('a redirect leads to the Hub itself or to an encrypted public address', () => {
  expect(from(hub, 'https://huggingface.co/x')).toBe(null)
  expect(from(hub, 'https://us.aws.cdn.hf.co/x?Signature=1')).toBe(null)
  expect(from(hub, 'https://8.8.8.8/x')).toBe(null)
  expect(from(hub, 'https://172.32.0.1/x')).toBe(null)
})

test.each([
  'http://us.aws.cdn.hf.co/x',
  'https://localhost/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://10.0.0.1/x',
  'https://172.16.0.1/x',
  'https://172.31.255.1/x',
  'https://192.168.0.1/x',
  'https://0300.0250.1.1/x',
  'https://100.64.0.1/x',
  'https://169.254.169.254/x',
  'https://[fe80::1]/x',
  'https://[fd00::1]/x',
  'https://0.0.0.0/x',
  'https://printer.local/x',
  'https://metadata.google.internal/x',
  'https://me:secret@cdn.hf.co/x',
  'data:text/plain,x',
])('from a public Hub %s is refused', (target) => {
  expect(from(hub, target)).toEqual(expect.any(String))
})

test('a Hub on this computer may lead to this computer, and no Hub to a link-local address', () => {
  expect(from('http://127.0.0.1:8080', 'http://localhost:8081/x')).toBe(null)
  expect(from('http://127.0.0.1:8080', 'https://192.168.0.1/x')).toEqual(expect.any(String))
  expect(from('https://10.0.0.5', 'https://10.0.0.6/x')).toBe(null)
  for (const endpoint of ['http://127.0.0.1:8080', 'https://10.0.0.5']) {
    expect(from(endpoint, 'https://169.254.169.254/x')).toEqual(expect.any(String))
    expect(from(endpoint, 'http://169.254.169.254/x')).toEqual(expect.any(String))
  }
})

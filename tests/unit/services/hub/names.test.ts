import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fileNameProblem, isRepositoryId, readRepository, twinNames } from '../../../../electron/services/hub/names.ts'

const hosts = ['huggingface.co', 'hub.local:8080']

test('a repository is named by its id or the address of its page', () => {
  const cases = [
    ['lmsys/vicuna-7b-v1.5', 'lmsys/vicuna-7b-v1.5', null],
    [' https://huggingface.co/lmsys/vicuna-7b-v1.5 ', 'lmsys/vicuna-7b-v1.5', null],
    ['https://huggingface.co/facebook/opt-125m/tree/refs/pr/35', 'facebook/opt-125m', 'refs/pr/35'],
    ['https://huggingface.co/facebook/opt-125m/blob/main/config.json?x=1#L3', 'facebook/opt-125m', 'main'],
    ['http://hub.local:8080/a/b/resolve/v1.0/model.safetensors', 'a/b', 'v1.0'],
  ] as const
  for (const [text, id, revision] of cases) expect(readRepository(text, hosts)).toEqual({ id, revision })
})

test.each([
  '',
  'vicuna',
  'a/b/c',
  '../etc/passwd',
  'a/..',
  'a/b.git',
  'a/b--c',
  '.a/b',
  'a/b.',
  'a/b\u0000',
  'a/b?x',
  `a/${'b'.repeat(97)}`,
  'https://evil.example/a/b',
  'https://huggingface.co@evil.example/a/b',
  'https://huggingface.co/a',
  'https://huggingface.co/a/b/tree/..%2f',
  'https://huggingface.co/a/b/tree/a..b',
  'file:///a/b',
])('%j names no repository', (text) => {
  expect(() => readRepository(text, hosts)).toThrow()
})

/** A publisher may be called so. An id never becomes a path: it would be one that Windows does not have. */
const deviceName = 'it has a part that names a device'

test('an id that is accepted stays one segment pair in any address, with nothing odd as a file name but the name of a device', () => {
  expect(isRepositoryId('aux/con')).toBe(true)
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Za-z0-9._/-]{1,40}$/)), (text) => {
      if (!isRepositoryId(text)) return
      expect(new URL(`https://hub.local/${text}/resolve`).pathname).toBe(`/${text}/resolve`)
      for (const part of text.split('/')) expect([null, deviceName]).toContain(fileNameProblem(part))
    }),
    { numRuns: 2000, examples: [['a/con']] },
  )
})

test('ordinary file names are fine, also in folders and other scripts', () => {
  const names = [
    'config.json',
    'pytorch_model-00001-of-00002.bin',
    '.gitattributes',
    'onnx/model 1.onnx',
    'é/模型.safetensors',
  ]
  expect(names.map(fileNameProblem)).toEqual(names.map(() => null))
})

test.each([
  '..',
  '../x',
  'a/../../b',
  '/etc/passwd',
  'a//b',
  'a/',
  './a',
  'C:/x',
  'C:x',
  '\\\\server\\share',
  'a\\b',
  'a\u0000b',
  'a\nb',
  'a.',
  'a ',
  'CON',
  'nul.txt',
  'x/COM1.log',
  'file:stream',
  'e\u0301',
  'a\u202egnp.exe',
  '\ud800',
  'x'.repeat(256),
  '字'.repeat(86),
  'a/'.repeat(600),
])('the file name %j is refused', (name) => {
  expect(fileNameProblem(name)).toEqual(expect.any(String))
})

test('names that differ only in case are twins', () => {
  expect(twinNames(['a/Model.bin', 'config.json', 'A/model.bin'])).toEqual(['A/model.bin'])
  expect(twinNames(['a', 'b'])).toEqual([])
})

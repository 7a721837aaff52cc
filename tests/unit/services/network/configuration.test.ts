import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import {
  checkProxy,
  configurationOf,
  foundToken,
  isOfflineBy,
  networkConfiguration,
  proxiesOf,
  withoutPassword,
} from '../../../../electron/services/network/configuration.ts'
import { openSettings } from '../../../../electron/services/settings.ts'
import { firstProxy } from '../../../../electron/systemProxy.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-configuration-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const own = 'localhost,127.0.0.1,::1'

describe('proxies', () => {
  test.each([
    ['nothing is set', null, {}, null, { http: null, https: null, except: own }],
    ['the system has one', null, {}, 'http://s:1', { http: 'http://s:1', https: 'http://s:1', except: own }],
    [
      'the environment comes before the system',
      null,
      { HTTPS_PROXY: 'http://e:2', NO_PROXY: '.example.org' },
      'http://s:1',
      { http: null, https: 'http://e:2/', except: `${own},.example.org` },
    ],
    [
      'lower case comes before upper case, and one name may stand for both',
      null,
      { HTTP_PROXY: 'http://upper:1', http_proxy: 'lower:2', ALL_PROXY: 'http://all:3' },
      null,
      { http: 'http://lower:2/', https: 'http://all:3/', except: own },
    ],
    [
      'what a person set comes first',
      'http://name:word@mine:8080',
      { HTTPS_PROXY: 'http://e:2', NO_PROXY: 'a' },
      'http://s:1',
      { http: 'http://name:word@mine:8080/', https: 'http://name:word@mine:8080/', except: `${own},a` },
    ],
  ])('%s', (_name, set, environment, system, expected) => {
    expect(proxiesOf(set, environment, system)).toEqual(expected)
  })

  test.each(['socks5://a:1', 'file:///etc/passwd', 'http://', 'http://a/b', 'http://a?x', 'not an address'])(
    'an address that is no proxy is refused: %s',
    (text) => {
      expect(() => checkProxy(text)).toThrow(HubError)
    },
  )

  test('a refusal and the view show no password', () => {
    expect(() => checkProxy('socks5://me:secret@a:1')).toThrow(/^(?!.*secret).*http:\/\/host:port/)
    expect(withoutPassword('http://me:secret@a:1/')).toBe('http://a:1')
  })

  test.each([
    ['DIRECT', null],
    ['PROXY 10.0.0.1:3128; DIRECT', 'http://10.0.0.1:3128'],
    ['SOCKS5 a:1; HTTPS b:2', 'https://b:2'],
    ['', null],
  ])('the system answers %j', (answer, expected) => {
    expect(firstProxy(answer)).toBe(expected)
  })
})

describe('the token', () => {
  const file = join(folder, 'token')
  test('comes from the environment, else from the file of Hugging Face', () => {
    writeFileSync(file, ' hf_file\n')
    expect(foundToken({ HF_TOKEN: ' hf_named ', HF_HOME: folder })).toEqual({ token: 'hf_named', state: 'environment' })
    expect(foundToken({ HF_HOME: folder })).toEqual({ token: 'hf_file', state: 'file' })
    expect(foundToken({ HF_TOKEN_PATH: file, HF_HOME: '/nowhere' })).toEqual({ token: 'hf_file', state: 'file' })
    expect(foundToken({}, '/nowhere')).toEqual({ token: null, state: 'none' })
  })
  test.each(['', 'two words', 'line\r\nInjected: header', 'ü', 'x'.repeat(501)])(
    'a file with %j holds none',
    (text) => {
      writeFileSync(file, text)
      expect(foundToken({ HF_HOME: folder })).toEqual({ token: null, state: 'none' })
    },
  )
})

describe('the configuration', () => {
  const settings = openSettings(join(folder, 'settings.json'))
  const none = { token: null, state: 'none' } as const
  test('decodes at the other end as it was sent', () => {
    const made = configurationOf(settings.read(), {}, none, null)
    expect(networkConfiguration.parse(made)).toEqual(made)
    expect(made).toMatchObject({ offline: false, hubEndpoint: 'https://huggingface.co', token: null })
  })
  test('an address set here comes before HF_ENDPOINT', () => {
    const environment = { HF_ENDPOINT: 'https://mirror.example' }
    expect(configurationOf(settings.read(), environment, none, null).hubEndpoint).toBe('https://mirror.example')
    const set = { ...settings.read(), hubEndpoint: 'https://own.example/hub/' }
    expect(configurationOf(set, environment, none, null).hubEndpoint).toBe('https://own.example/hub')
  })
  test.each(['1', 'ON', ' yes ', 'True'])('HF_HUB_OFFLINE=%j switches the network off', (value) => {
    expect(isOfflineBy({ HF_HUB_OFFLINE: value })).toBe(true)
  })
  test.each(['', '0', 'off', 'no'])('HF_HUB_OFFLINE=%j does not', (value) => {
    expect(isOfflineBy({ HF_HUB_OFFLINE: value })).toBe(false)
  })
})

// One problem or more of every code that the app can show.
import type { AnyProblem } from '../../renderer/views/problems/registry.ts'

type Samples = {
  readonly [Code in AnyProblem['code']]: readonly Extract<AnyProblem, { readonly code: Code }>[]
}

export const problemSamples: Samples = {
  'no-webgpu': [{ code: 'no-webgpu', detail: 'navigator.gpu is undefined' }],
  'no-adapter': [{ code: 'no-adapter', detail: 'requestAdapter gave null' }],
  'load-failed': [{ code: 'load-failed', detail: 'out of memory' }],
  'too-long': [{ code: 'too-long', promptTokens: 2100, limitTokens: 1792 }],
  'context-full': [{ code: 'context-full', promptTokens: 2100, limitTokens: 1792 }],
  'not-a-number': [{ code: 'not-a-number', detail: 'a logit is NaN' }],
  'bad-schema': [{ code: 'bad-schema', detail: 'unknown type' }],
  'write-failed': [{ code: 'write-failed', detail: 'validation error' }],
  'device-lost': [{ code: 'device-lost', detail: 'unknown' }],
  'damaged-file': [
    { code: 'damaged-file', key: '0', file: 'params_shard_0.bin', block: 3 },
    { code: 'damaged-file', key: '0', file: 'tokenizer.json', block: null },
  ],
  'out-of-memory': [{ code: 'out-of-memory', needBytes: 8e9, detail: 'not enough memory left' }],
  'does-not-fit': [
    { code: 'does-not-fit', what: 'memory', needBytes: 8e9, haveBytes: 5e9, contextTokens: 1024 },
    { code: 'does-not-fit', what: 'memory', needBytes: 8e9, haveBytes: 5e9, contextTokens: null },
    { code: 'does-not-fit', what: 'buffer', needBytes: 3e9, haveBytes: 2e9, contextTokens: null },
  ],
  'bad-name': [{ code: 'bad-name', name: '../x', detail: 'no' }],
  missing: [
    { code: 'missing', what: 'repository', name: 'publisher/model' },
    { code: 'missing', what: 'revision', name: 'publisher/model' },
    { code: 'missing', what: 'file', name: 'publisher/model' },
  ],
  gated: [
    { code: 'gated', name: 'publisher/model', withToken: true },
    { code: 'gated', name: 'publisher/model', withToken: false },
  ],
  disabled: [{ code: 'disabled', name: 'publisher/model' }],
  'token-refused': [{ code: 'token-refused', name: 'publisher/model' }],
  'rate-limited': [
    { code: 'rate-limited', retryAfterSeconds: null },
    { code: 'rate-limited', retryAfterSeconds: 30 },
  ],
  'link-expired': [{ code: 'link-expired', name: 'model.safetensors' }],
  offline: [{ code: 'offline', host: 'huggingface.co', detail: 'reset' }],
  server: [{ code: 'server', host: 'huggingface.co', status: 503 }],
  changed: [{ code: 'changed', name: 'model.safetensors', detail: 'another size' }],
  unexpected: [{ code: 'unexpected', host: 'huggingface.co', detail: 'html' }],
  'switched-off': [{ code: 'switched-off', host: 'huggingface.co' }],
  'wrong-bytes': [{ code: 'wrong-bytes', file: 'model.safetensors', expected: 'a', actual: 'b' }],
  'disk-full': [{ code: 'disk-full', needBytes: 5e9, freeBytes: 1e9 }],
  'store-in-use': [{ code: 'store-in-use', detail: 'process 1' }],
  'store-unusable': [{ code: 'store-unusable', detail: 'read-only' }],
  'not-installed': [{ code: 'not-installed', name: 'publisher/model' }],
  'does-not-compile': [{ code: 'does-not-compile', file: 'config.json', detail: 'model_type' }],
  'already-installed': [{ code: 'already-installed', name: 'publisher/model' }],
  'stopped-itself': [{ code: 'stopped-itself', detail: 'memory' }],
  'chats-read-only': [{ code: 'chats-read-only', detail: 'a newer version of Hearth made it' }],
  'chats-unusable': [{ code: 'chats-unusable', detail: 'read-only' }],
  'chats-damaged': [{ code: 'chats-damaged', detail: 'page 7' }],
  'chats-in-use': [{ code: 'chats-in-use', detail: 'process 1' }],
  'chats-gone': [
    { code: 'chats-gone', what: 'chat' },
    { code: 'chats-gone', what: 'message' },
    { code: 'chats-gone', what: 'folder' },
    { code: 'chats-gone', what: 'entry' },
  ],
  'chats-conflict': [{ code: 'chats-conflict', detail: 'it has 7 characters' }],
  'no-chats-in-file': [
    { code: 'no-chats-in-file', file: 'x.json', reason: { kind: 'no-file' } },
    { code: 'no-chats-in-file', file: 'x.json', reason: { kind: 'too-large', mostBytes: 300e6 } },
    { code: 'no-chats-in-file', file: 'x.json', reason: { kind: 'not-readable', cause: 'EACCES' } },
  ],
  'not-saved': [{ code: 'not-saved', detail: 'EACCES' }],
  'invalid-input': [{ code: 'invalid-input', detail: 'chats.list: expected object' }],
  'not-allowed': [{ code: 'not-allowed', detail: 'not of this window' }],
  internal: [{ code: 'internal', detail: 'an error that nobody expected' }],
  unknown: [{ code: 'unknown', detail: 'x is not a function' }],
}

export const allProblems: readonly AnyProblem[] = Object.values(problemSamples).flat()

// A log of Chromium's network stack, cut off anywhere by an app that was killed.
import { expect, test } from 'vitest'
import { parsed } from '../../support/netLog.ts'

const whole =
  '{"constants": {"logEventTypes": {"A": 1}},\n"events": [\n{"phase":1,"type":1},\n{"params":{"list":["a"]},"type":2}]}\n'

test('a log is read as far as it goes, wherever it was cut off', () => {
  expect(parsed(whole)?.events).toHaveLength(2)
  for (let length = 0; length < whole.length - 3; length++) {
    const events = parsed(whole.slice(0, length))?.events ?? []
    expect([length, events.length]).toEqual([length, length < whole.indexOf('},\n{') + 3 ? 0 : 1])
  }
})

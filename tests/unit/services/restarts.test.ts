import { expect, test } from 'vitest'
import { createRestarts } from '../../../electron/services/restarts.ts'

const minuteMs = 60_000

test('three ends within five minutes are started again, the fourth is not', () => {
  const mayRestart = createRestarts()
  expect([0, 1, 2, 3].map((minute) => mayRestart(minute * minuteMs))).toEqual([true, true, true, false])
})

test('ends from more than five minutes ago are forgotten', () => {
  const mayRestart = createRestarts()
  expect([0, 0, 0, 5, 5, 5, 6].map((minute) => mayRestart(minute * minuteMs))).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
  ])
})

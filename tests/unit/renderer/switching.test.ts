// What the switcher says of an installed model: that it fits, or the numbers and what would.
import { expect, test } from 'vitest'
import { choiceOf, longerContext, withContext } from '../../../renderer/state/switching.ts'
import type { Machine } from '../../../shared/fit/verdict.ts'
import type { InstalledModel } from '../../../shared/model.ts'
import { family, installed, ownChat } from '../../support/models.ts'

const machine: Machine = {
  target: 'half',
  memoryBytes: 8e9,
  largestBufferBytes: 2 ** 30,
  bandwidthBytesPerSecond: 50e9,
}

function large(weightsBytes: number, contextTokens: number, cacheBytes: number): InstalledModel {
  const memory = { weightsBytes, cacheBytes, workingBytes: 1e8 }
  const library = {
    cacheBytes,
    workingBytes: 1e8,
    cacheBytesPerToken: Math.floor(cacheBytes / contextTokens),
    largestBufferBytes: 1e8,
    readBytesPerToken: weightsBytes,
  }
  const needs = { portable: library, half: library, software: library }
  return { ...ownChat, manifest: { ...ownChat.manifest, contextTokens, memory, needs } }
}

test('nothing is refused before the machine is known', () => {
  expect(choiceOf(large(1e12, 2048, 1e9), family, null)).toEqual({ kind: 'unknown' })
})

test('what fits is said with its memory and its speed', () => {
  expect(choiceOf(installed('base'), family, machine)).toMatchObject({
    kind: 'fits',
    memoryBytes: 14_240_000,
    speed: { isUpperBound: true },
  })
})

test('weights that are too large are refused with the numbers, and a smaller model of the kind is offered', () => {
  const model = large(24e9, 2048, 1e9)
  expect(choiceOf(model, [...family, model], machine)).toMatchObject({
    kind: 'refused',
    problem: { needBytes: 25.1e9, haveBytes: 8e9, contextTokens: null },
    instead: installed('chat'),
  })
})

test('the offered model is of the same family where one fits', () => {
  const model = large(24e9, 2048, 1e9)
  const relative: InstalledModel = { ...large(2e6, 2048, 1e6), key: 'f'.repeat(64) }
  expect(choiceOf(model, [...family, relative, model], machine)).toMatchObject({ instead: relative })
})

test('a cache that is too large is refused with the context that fits, and loading with that context fits', () => {
  const model = large(4e9, 65_536, 34e9)
  const choice = choiceOf(model, [model], machine)
  if (choice.kind !== 'refused' || choice.problem.contextTokens === null) throw new Error('it has to be refused')
  expect(choice.instead).toBe(null)
  const shorter = withContext(model, choice.problem.contextTokens)
  expect(shorter.manifest.contextTokens).toBe(choice.problem.contextTokens)
  expect(shorter.key).toBe(model.key)
  expect(choiceOf(shorter, [shorter], machine).kind).toBe('fits')
  expect(shorter.manifest.memory.cacheBytes).toBe(shorter.manifest.needs?.portable.cacheBytes)
})

test('a manifest that does not say what a token takes is offered no shorter context', () => {
  const { needs: _needs, ...before } = large(4e9, 65_536, 34e9).manifest
  const model = { ...ownChat, manifest: before }
  expect(choiceOf(model, [model], machine)).toMatchObject({ kind: 'refused', problem: { contextTokens: null } })
  expect(withContext(model, 512)).toBe(model)
})

test('a model used with a shorter context is offered the longest that memory allows, one used as it is nothing', () => {
  const small = large(1e9, 4096, 1e9)
  expect(longerContext(small, [small], machine)).toBe(null)
  expect(longerContext(withContext(small, 512), [small], null)).toBe(null)
  expect(longerContext(withContext(small, 512), [small], machine)?.model.manifest.contextTokens).toBe(4096)
  const big = large(4e9, 65_536, 34e9)
  const longer = longerContext(withContext(big, 512), [big], machine)
  expect(longer?.model.manifest.contextTokens).toBeGreaterThan(512)
  expect(longer?.model.manifest.contextTokens).toBeLessThan(65_536)
  expect(longer?.memoryBytes).toBeLessThanOrEqual(machine.memoryBytes)
})

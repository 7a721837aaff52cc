// What is offered beside a problem when a model cannot run.
import { act, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { installed } from '../support/models.ts'
import { readyShell, violations } from '../support/shell.tsx'

test('another model is one button away, and taking it loads it', async () => {
  const { app, user } = await readyShell()
  const problem = { code: 'not-a-number', detail: 'NaN' } as const
  act(() => app.models.setState({ status: { kind: 'failed', problem } }))
  const offer = screen.getByRole('button', { name: /^Use TinyStories 15M (instruct|chat) \(14\.2 MB\)$/ })
  expect(await violations()).toEqual([])
  await user.click(offer)
  await vi.waitFor(() => expect(app.models.getState().status.kind).toBe('ready'))
  expect(app.models.getState().selected).not.toEqual(installed('base'))
  expect(screen.queryByRole('list', { name: 'What else would work' })).toBeNull()
})

// The queue in the window: what each job says, and everything a person can do with it.
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { answered, jobs } from '../support/management.ts'
import { readyShell, type ShellOptions, violations } from '../support/shell.tsx'

async function downloads(options: ShellOptions = {}) {
  const parts = await readyShell(options)
  act(() => parts.app.navigation.showModels('downloads'))
  return { ...parts, sent: () => parts.asked.filter(({ channel }) => /^jobs\.(?!list)/.test(channel)) }
}

const card = (title: string) => within(screen.getByRole('listitem', { name: new RegExp(title) }))
const { running, waitingForHub, queued, failed, done } = jobs

test('a running installation shows both halves of its work, bytes, speed, time left and files', async () => {
  const { user } = await downloads()
  const job = card('mpt-7b-chat')
  expect(job.getByText('Downloading and compiling')).toBeTruthy()
  expect(job.getByRole('progressbar', { name: 'Download' })).toHaveProperty('value', 4.2 / 13.3)
  expect(job.getByRole('progressbar', { name: 'Compile' })).toHaveProperty('value', 0.21)
  expect(job.getByText('4.2 GB of 13.3 GB · 11.8 MB per second · 13 min left')).toBeTruthy()
  await user.click(job.getByText('2 files, 1 verified'))
  expect(await job.findByText('4.2 GB of 9.9 GB')).toBeTruthy()
  expect(job.getByText('verified')).toBeTruthy()
})

test('a job that waits says why, until when, and can be told to try now', async () => {
  const { user, sent } = await downloads()
  const job = card('falcon')
  expect(job.getByText('No connection to huggingface.co')).toBeTruthy()
  expect(job.getByText('Goes on by itself in 12 s.')).toBeTruthy()
  await user.click(job.getByRole('button', { name: /^Try now/ }))
  expect(sent()).toEqual([{ channel: 'jobs.resume', input: { id: waitingForHub.id } }])
})

test('a job that failed says what happened, what to do, and leads there', async () => {
  const { user } = await downloads()
  const job = card('Llama-2')
  expect(job.getByRole('alert').textContent).toContain('The publisher asks for agreement first')
  await user.click(job.getByRole('button', { name: 'Open settings' }))
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Hub & network')
})

test('buttons pause, resume, try again and move', async () => {
  const { user, sent, events } = await downloads()
  await user.click(card('mpt-7b-chat').getByRole('button', { name: /^Pause/ }))
  await user.click(card('Llama-2').getByRole('button', { name: /^Try again/ }))
  await user.click(card('Mistral').getByRole('button', { name: /^Move to the front/ }))
  act(() => events.emit('jobs.changed', [{ ...running, state: 'paused' }]))
  await user.click(card('mpt-7b-chat').getByRole('button', { name: /^Resume/ }))
  expect(sent()).toEqual([
    { channel: 'jobs.pause', input: { id: running.id } },
    { channel: 'jobs.resume', input: { id: failed.id } },
    { channel: 'jobs.move', input: { id: queued.id, to: 'first' } },
    { channel: 'jobs.resume', input: { id: running.id } },
  ])
})

test('keys do the same wherever in the job the focus is, and a moved job keeps it', async () => {
  const { user, sent, events } = await downloads()
  const down = card('mpt-7b-chat').getByRole('button', { name: /^Move down/ })
  down.focus()
  await user.keyboard('{Alt>}{ArrowDown}{/Alt}{Alt>}{End}{/Alt}p')
  expect(sent().map(({ channel, input }) => [channel, (input as { to?: string }).to])).toEqual([
    ['jobs.move', 'down'],
    ['jobs.move', 'last'],
    ['jobs.pause', undefined],
  ])
  act(() => events.emit('jobs.changed', [waitingForHub, running]))
  expect(document.activeElement).toBe(down)
})

test('the first cannot move up and the last cannot move down', async () => {
  const { user, sent } = await downloads()
  const up = card('mpt-7b-chat').getByRole('button', { name: /^Move up/ })
  expect(up.getAttribute('aria-disabled')).toBe('true')
  await user.click(up)
  await user.click(card('Llama-2').getByRole('button', { name: /^Move to the end/ }))
  expect(sent()).toEqual([])
})

test('cancelling asks where bytes would be lost, and keeps them by default', async () => {
  const { user, sent } = await downloads()
  card('mpt-7b-chat')
    .getByRole('button', { name: /^Pause/ })
    .focus()
  await user.keyboard('{Delete}')
  const question = within(await screen.findByRole('alertdialog', { name: 'Cancel mosaicml/mpt-7b-chat?' }))
  expect(question.getByText(/The 4.2 GB that are done so far are deleted/)).toBeTruthy()
  expect(await violations()).toEqual([])
  await user.click(question.getByRole('button', { name: 'Keep it' }))
  expect(screen.queryByRole('alertdialog')).toBe(null)
  expect(sent()).toEqual([])
  await user.click(card('mpt-7b-chat').getByRole('button', { name: /^Cancel/ }))
  await user.click(screen.getByRole('button', { name: 'Cancel the download' }))
  await user.click(card('Mistral').getByRole('button', { name: /^Cancel/ }))
  expect(sent()).toEqual([
    { channel: 'jobs.cancel', input: { id: running.id } },
    { channel: 'jobs.cancel', input: { id: queued.id } },
  ])
})

test('what is done stands apart and can be cleared', async () => {
  const { user, sent } = await downloads()
  const list = within(screen.getByRole('list', { name: 'Done' }))
  expect(list.getAllByRole('listitem').map((item) => item.getAttribute('aria-label'))).toEqual([
    'Installation: EleutherAI/pythia-160m',
  ])
  expect(list.getByText('Installed')).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Clear the list' }))
  expect(sent()).toEqual([{ channel: 'jobs.cancel', input: { id: done.id } }])
})

test('a refused request stands in its job', async () => {
  const { user } = await downloads({
    answers: { 'jobs.pause': async () => ({ ok: false, error: { code: 'internal', message: 'the queue is closed' } }) },
  })
  await user.click(card('mpt-7b-chat').getByRole('button', { name: /^Pause/ }))
  await vi.waitFor(() => expect(card('mpt-7b-chat').getByRole('alert').textContent).toContain('the queue is closed'))
})

test('a size that is not known has a bar without an end', async () => {
  await downloads({ answers: { 'jobs.list': () => answered([{ ...running, totalBytes: null }]) } })
  expect(card('mpt-7b-chat').getByRole<HTMLProgressElement>('progressbar', { name: 'Download' }).position).toBe(-1)
})

// The chat area of the window as a test of it begins, and where to look in it.
import { screen } from '@testing-library/react'
import type { InstalledModel } from '../../shared/model.ts'
import { family } from './models.ts'
import { openShell } from './shell.tsx'
import type { StoryOptions } from './storyEngine.ts'

export function openChat(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  return openShell({ engine: options, models })
}

export async function readyChat(options: Partial<StoryOptions> = {}, models: readonly InstalledModel[] = family) {
  const parts = openChat(options, models)
  await parts.app.start()
  await screen.findByText('TinyStories 15M base is ready.')
  return parts
}

export const editor = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Document' })
/** Of all places that say what changes, those that say something. */
export const status = () =>
  screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .join('')
export const marked = () => [...document.querySelectorAll('mark')].map((mark) => mark.textContent)

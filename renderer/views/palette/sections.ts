// The palette's lines under their headings: while nothing is typed what was chosen last and the rest in its order, else the best answers first. Only so many
// as a person may look through are made.
import type { Entry } from './entries.ts'
import { entryScore } from './entryScore.ts'

export interface Section {
  readonly heading: 'recent' | Entry['group']
  readonly entries: readonly Entry[]
}

const groups = ['commands', 'chats', 'models', 'families'] as const
const mostFound = 30
const mostChats = 8

export function sectionsOf(entries: readonly Entry[], recent: readonly string[], typed: string): readonly Section[] {
  return typed.trim() === '' ? browsed(entries, recent) : found(entries, typed)
}

function browsed(entries: readonly Entry[], recent: readonly string[]): readonly Section[] {
  const last = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? [])
  const rest = groups.map((heading): Section => {
    const own = entries.filter(({ group, id }) => group === heading && !recent.includes(id))
    return { heading, entries: heading === 'chats' ? own.slice(0, mostChats) : own }
  })
  return [{ heading: 'recent' as const, entries: last }, ...rest].filter((section) => section.entries.length > 0)
}

function found(entries: readonly Entry[], typed: string): readonly Section[] {
  const scored = entries
    .map((entry) => ({ entry, score: entryScore(entry, typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
  return groups
    .map((heading) => {
      const own = scored.filter(({ entry }) => entry.group === heading).slice(0, mostFound)
      return { heading, entries: own.map(({ entry }) => entry), best: own[0]?.score ?? 0 }
    })
    .filter(({ best }) => best > 0)
    .toSorted((a, b) => b.best - a.best)
}

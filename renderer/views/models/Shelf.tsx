// Three families to begin with, chosen for this machine. One press installs; the name opens the whole page.
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { families } from '../../../shared/catalog/catalog.ts'
import { diskLeft, usualFormat } from '../../../shared/catalog/downloads.ts'
import { type ShelfEntry, shelfFor } from '../../../shared/catalog/shelf.ts'
import { formatBytes, formatNumber, formatParameters } from '../../../shared/units.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { useCatalogue } from './catalogueContext.ts'
import { CommercialChip, FitChip, isDoubtful, LicenceChip } from './chips.tsx'
import { speedWords, verdictMark } from './fitWords.ts'
import { InstallButton } from './InstallButton.tsx'
import { KindChips } from './KindChips.tsx'

const roleWords = {
  capable: 'The most capable',
  middle: 'Lighter',
  quick: 'The quickest',
} as const satisfies Record<ShelfEntry['role'], string>

export function Shelf() {
  const entries = useShelf()
  const { surroundings } = useCatalogue()
  const machine = useStore(surroundings, (state) => state.machine)
  if (entries === null) return null
  return (
    <section className="shelf" aria-labelledby="shelf-title">
      <h2 id="shelf-title" className="section-title">
        {entries.length === 0 ? 'To begin with' : 'To begin with on this machine'}
      </h2>
      <p className="soft">
        {entries.length === 0
          ? 'No model of the catalogue fits this machine together with its free disk. The bundled one works without either.'
          : machine === null
            ? 'This machine was not measured yet: these suit a modest one.'
            : `Models may take ${formatBytes(machine.memoryBytes)} of memory here.`}
      </p>
      <ul className="shelf-list">
        {entries.map((entry) => (
          <ShelfCard key={entry.variant.id} entry={entry} />
        ))}
      </ul>
    </section>
  )
}

function ShelfCard({ entry }: { readonly entry: ShelfEntry }) {
  const { open, surroundings } = useCatalogue()
  const { machine, freeBytes, keepCheckpoints } = useStore(surroundings)
  const { role, family, variant, members, choice, verdict } = entry
  const left = freeBytes === null ? null : diskLeft(choice, freeBytes, keepCheckpoints)
  return (
    <li className="card shelf-card">
      <p className="eyebrow">{roleWords[role]}</p>
      <h3 className="card-title">
        <button
          type="button"
          className="link"
          onClick={() => open({ kind: 'family', id: family.id, variant: variant.id })}
        >
          {family.name} {variant.parameters === null ? '' : formatParameters(variant.parameters)}
        </button>
      </h3>
      <KindChips family={family} members={members} />
      <p className="chips">
        <LicenceChip licence={variant.licence} isUnconfirmed={isDoubtful(variant, 'licence')} />
        <CommercialChip use={variant.commercialUse} note={variant.commercialNote} />
        {verdict === null ? null : <FitChip mark={verdictMark(verdict)} />}
      </p>
      <dl className="figures-list">
        <Figure
          name="Download"
          value={choice.downloadBytes === null ? 'not known' : `about ${formatBytes(choice.downloadBytes)}`}
        />
        <Figure
          name="On the disk"
          value={`${choice.keptBytes === null ? 'not known' : formatBytes(choice.keptBytes)}${left === null ? '' : `, ${formatBytes(left.afterBytes)} left`}`}
        />
        <Figure
          name="Speed"
          value={speedWords(
            verdict === null || verdict.kind === 'does-not-fit' ? null : verdict.speedTokensPerSecond,
            machine,
          )}
        />
        <Figure
          name="Context"
          value={`${formatNumber(verdict === null || verdict.kind === 'does-not-fit' ? variant.contextTokens : verdict.contextTokens)} tokens`}
        />
      </dl>
      <InstallButton
        variant={variant}
        choice={choice}
        contextTokens={verdict?.kind === 'fits-with-smaller-context' ? verdict.contextTokens : null}
        obstacle={null}
      />
    </li>
  )
}

export function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** Needs of a few variants are computed for it: after the first paint, so that the screen never waits. null before. */
function useShelf(): readonly ShelfEntry[] | null {
  const { needs, surroundings } = useCatalogue()
  const machine = useStore(surroundings, (state) => state.machine)
  const freeBytes = useStore(surroundings, (state) => state.freeBytes)
  const [isPainted, setPainted] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPainted(true), 0)
    return () => clearTimeout(timer)
  }, [])
  return useMemo(() => {
    if (!isPainted) return null
    const options = { format: usualFormat, target: targetOf(machine) }
    return shelfFor({ families, machine, freeBytes, needsOf: (variant) => needs.needsNow(variant, options) })
  }, [isPainted, machine, freeBytes, needs])
}

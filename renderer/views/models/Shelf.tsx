// Three families to begin with, chosen for this machine. One press installs; the name opens the whole page.
import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { families } from '../../../shared/catalog/catalog.ts'
import { diskLeft, usualFormat } from '../../../shared/catalog/downloads.ts'
import { type ShelfEntry, shelfFor } from '../../../shared/catalog/shelf.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { bytesText, numberText, parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { CommercialChip, FitChip, isDoubtful, LicenceChip } from './chips.tsx'
import { speedWords, verdictMark } from './fitWords.ts'
import { InstallButton } from './InstallButton.tsx'
import { KindChips } from './KindChips.tsx'

export function Shelf() {
  const entries = useShelf()
  const { surroundings } = useCatalogue()
  const machine = useStore(surroundings, (state) => state.machine)
  if (entries === null) return null
  return (
    <section className="shelf" aria-labelledby="shelf-title">
      <h2 id="shelf-title" className="section-title">
        {t(entries.length === 0 ? 'models.shelf.title' : 'models.shelf.titleHere')}
      </h2>
      <p className="soft">
        {entries.length === 0
          ? t('models.shelf.nothing')
          : machine === null
            ? t('models.shelf.notMeasured')
            : t('models.shelf.memory', { memory: bytesText(machine.memoryBytes) })}
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
  const kept = choice.keptBytes === null ? t('models.notKnown') : bytesText(choice.keptBytes)
  return (
    <li className="card shelf-card">
      <p className="eyebrow">{t(`models.shelf.roles.${role}`)}</p>
      <h3 className="card-title">
        <button
          type="button"
          className="link"
          onClick={() => open({ kind: 'family', id: family.id, variant: variant.id })}
        >
          {family.name} {variant.parameters === null ? '' : parametersText(variant.parameters)}
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
          name={t('models.shelf.download')}
          value={
            choice.downloadBytes === null
              ? t('models.notKnown')
              : t('models.about', { amount: bytesText(choice.downloadBytes) })
          }
        />
        <Figure
          name={t('models.shelf.disk')}
          value={left === null ? kept : t('models.shelf.diskLeft', { size: kept, free: bytesText(left.afterBytes) })}
        />
        <Figure
          name={t('models.shelf.speed')}
          value={speedWords(
            verdict === null || verdict.kind === 'does-not-fit' ? null : verdict.speedTokensPerSecond,
            machine,
          )}
        />
        <Figure
          name={t('models.shelf.context')}
          value={t('models.tokens', {
            number: numberText(
              verdict === null || verdict.kind === 'does-not-fit' ? variant.contextTokens : verdict.contextTokens,
            ),
          })}
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

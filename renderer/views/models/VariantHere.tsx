// What a variant takes on this machine before anything is downloaded: memory by context, speed, the ways to get it, the disk left after; and what was
// measured once it ran.
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import { familyOf } from '../../../shared/catalog/catalog.ts'
import { type DownloadChoice, diskLeft, downloadChoices, usualChoice } from '../../../shared/catalog/downloads.ts'
import { strangerThatFits } from '../../../shared/catalog/offers.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import { offersFor } from '../../../shared/fit/catalog.ts'
import { judgeFit, type Machine } from '../../../shared/fit/verdict.ts'
import { formatBytes } from '../../../shared/units.ts'
import { fitsMachine, installedOf } from '../../state/catalogueFilters.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { Button } from '../../ui/Button.tsx'
import { useCatalogue, useFit, useFits } from './catalogueContext.ts'
import { FitPanel } from './FitPanel.tsx'
import { InstallButton } from './InstallButton.tsx'
import { Measured } from './Measured.tsx'

export function VariantHere({ variant }: { readonly variant: CatalogVariant }) {
  const { needs, surroundings } = useCatalogue()
  const { machine, freeBytes, installed, records, keepCheckpoints } = useStore(surroundings)
  const fit = useFit(variant)
  const target = targetOf(machine)
  const choices = downloadChoices(variant, (format) => needs.needsNow(variant, { format, target }))
  const [chosen, setChosen] = useState<string | null>(null)
  const [contextTokens, setContextTokens] = useState<number | null>(null)
  const choice = choices.find((one) => one.repository === chosen) ?? usualChoice(choices) ?? choices.at(-1)
  const known = choice === undefined ? null : needs.needsNow(variant, { format: choice.format, target })
  const verdict = known === null || machine === null ? null : judgeFit(known, machine, contextTokens ?? undefined)
  const left = choice === undefined || freeBytes === null ? null : diskLeft(choice, freeBytes, keepCheckpoints)
  const [model] = installedOf(variant, installed, records)
  const obstacle =
    choice === undefined
      ? 'There is nothing to download.'
      : (obstacleWords(choice) ??
        (verdict?.kind === 'does-not-fit'
          ? 'It would not load here.'
          : left !== null && left.leastBytes < 0
            ? `The disk has too little space: ${formatBytes(-left.leastBytes)} more are needed while it is made.`
            : null))
  return (
    <section className="here" aria-labelledby="here-title">
      <h2 id="here-title" className="section-title">
        On this machine
      </h2>
      {known === null ? (
        <p>
          {fit.kind === 'computing'
            ? 'Being worked out …'
            : 'Its configuration is not known, so nothing can be said before it is looked at.'}
        </p>
      ) : (
        <FitPanel
          needs={known}
          machine={machine}
          verdict={verdict}
          contextTokens={contextTokens}
          onContext={setContextTokens}
        />
      )}
      {machine !== null && verdict?.kind === 'does-not-fit' ? (
        <SmallerOffers variant={variant} machine={machine} />
      ) : null}
      <Choices choices={choices} choice={choice} onChoose={setChosen} />
      {choice === undefined ? null : (
        <InstallButton variant={variant} choice={choice} contextTokens={contextTokens} obstacle={obstacle} />
      )}
      {model === undefined || known === null ? null : (
        <Measured
          measurements={records.find(({ key }) => key === model.key)?.measurements ?? []}
          needs={known}
          machine={machine}
        />
      )}
    </section>
  )
}

/** Smaller members of the family that fit; where there are none, one of another family. */
function SmallerOffers({ variant, machine }: { readonly variant: CatalogVariant; readonly machine: Machine }) {
  const { open } = useCatalogue()
  const fitOf = useFits()
  const relatives = offersFor(variant, machine).flatMap((offer) =>
    offer.kind === 'smaller-variant' ? [offer.variant] : [],
  )
  const stranger = relatives.length > 0 ? null : strangerThatFits(variant, (other) => fitsMachine(fitOf(other)))
  const offered = stranger === null ? relatives : [stranger]
  if (offered.length === 0) return <p>No smaller {variant.kind} model of the catalogue fits either.</p>
  return (
    <p className="offer">
      <span>{offered.length === 1 ? 'This one fits:' : 'These fit:'}</span>
      {offered.map((smaller) => (
        <Button
          key={smaller.id}
          label={smaller.repository.split('/')[1] ?? smaller.id}
          onPress={() => open({ kind: 'family', id: familyOf(smaller).id, variant: smaller.id })}
        />
      ))}
    </p>
  )
}

interface ChoicesProps {
  readonly choices: readonly DownloadChoice[]
  readonly choice: DownloadChoice | undefined
  readonly onChoose: (repository: string) => void
}

function Choices({ choices, choice, onChoose }: ChoicesProps) {
  const name = useId()
  const { surroundings } = useCatalogue()
  const { freeBytes, keepCheckpoints } = useStore(surroundings)
  return (
    <fieldset className="choices">
      <legend className="field-label">How to get it</legend>
      {choices.map((one) => {
        const obstacle = obstacleWords(one)
        const left = freeBytes === null ? null : diskLeft(one, freeBytes, keepCheckpoints)
        return (
          <label key={one.repository} className="choice">
            <input
              type="radio"
              name={name}
              value={one.repository}
              checked={one === choice}
              disabled={obstacle !== null}
              onChange={() => onChoose(one.repository)}
            />
            <span>
              <b>{one.kind === 'ready' ? `Ready-made weights, ${one.format}` : 'The original, compiled here'}</b>
              <span className="soft">
                {one.downloadBytes === null
                  ? 'size not known'
                  : `${one.kind === 'checkpoint' ? 'about ' : ''}${formatBytes(one.downloadBytes)} to download`}
                {one.keptBytes === null ? '' : `, ${formatBytes(one.keptBytes)} stay on the disk`}
                {left === null ? '' : `, ${leftWords(left.afterBytes)}`}
              </span>
              <code className="small">{one.repository}</code>
              {obstacle === null ? null : <span>{obstacle}</span>}
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}

function leftWords(afterBytes: number): string {
  return afterBytes < 0 ? `${formatBytes(-afterBytes)} more than is free` : `${formatBytes(afterBytes)} free after it`
}

function obstacleWords({ obstacle }: DownloadChoice): string | null {
  switch (obstacle) {
    case null:
      return null
    case 'no-repository':
      return 'It was not published as a repository that can be downloaded.'
    case 'difference-only':
      return 'The repository holds only the difference to its base: alone it is no model.'
    default:
      return obstacle satisfies never
  }
}

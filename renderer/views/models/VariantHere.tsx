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
import { fitsMachine, installedOf } from '../../state/catalogueFilters.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { Button } from '../../ui/Button.tsx'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
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
      ? t('family.here.nothing')
      : (obstacleWords(choice) ??
        (verdict?.kind === 'does-not-fit'
          ? t('family.here.wouldNotLoad')
          : left !== null && left.leastBytes < 0
            ? t('family.here.noSpace', { size: bytesText(-left.leastBytes) })
            : null))
  return (
    <section className="here" aria-labelledby="here-title">
      <h2 id="here-title" className="section-title">
        {t('family.here.title')}
      </h2>
      {known === null ? (
        <p>{t(fit.kind === 'computing' ? 'family.here.computing' : 'family.here.unknown')}</p>
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
  if (offered.length === 0) return <p>{t('family.here.noSmaller', { kind: variant.kind })}</p>
  return (
    <p className="offer">
      <span>{t('family.here.fits', { count: offered.length })}</span>
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
      <legend className="field-label">{t('family.here.how')}</legend>
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
              <b>{one.kind === 'ready' ? t('family.here.ready', { format: one.format }) : t('family.here.original')}</b>
              <span className="soft">
                {one.downloadBytes === null
                  ? t('family.here.sizeUnknown')
                  : t(one.kind === 'checkpoint' ? 'family.here.downloadAbout' : 'family.here.download', {
                      size: bytesText(one.downloadBytes),
                    })}
                {one.keptBytes === null ? '' : `, ${t('family.here.kept', { size: bytesText(one.keptBytes) })}`}
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
  return afterBytes < 0
    ? t('family.here.tooMuch', { size: bytesText(-afterBytes) })
    : t('family.here.free', { size: bytesText(afterBytes) })
}

function obstacleWords({ obstacle }: DownloadChoice): string | null {
  switch (obstacle) {
    case null:
      return null
    case 'no-repository':
      return t('family.here.noRepository')
    case 'difference-only':
      return t('family.here.differenceOnly')
    default:
      return obstacle satisfies never
  }
}

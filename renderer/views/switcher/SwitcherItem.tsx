// One model of the switcher and, where it does not fit, the offers in its place: each is an entry of its own, so that the keyboard reaches it.

import { Command } from 'cmdk'
import { Check, CircleSlash, Flame } from 'lucide-react'
import type { InstalledModel } from '../../../shared/model.ts'
import { type Choice, withContext } from '../../state/switching.ts'
import { Chip } from '../../ui/Chip.tsx'
import { bytesText, parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { forecastText } from '../forecastText.ts'
import { problemText } from '../problems/problemText.ts'

export interface SwitcherItemProps {
  readonly model: InstalledModel
  /** On the disk; null while not known. */
  readonly sizeBytes: number | null
  readonly choice: Choice
  readonly isSelected: boolean
  readonly onLoad: (model: InstalledModel) => void
}

export function SwitcherItem({ model, sizeBytes, choice, isSelected, onLoad }: SwitcherItemProps) {
  const { models } = useApp()
  const isWarm = useValue(models, ({ warm }) => warm.some((one) => one.key === model.key))
  const { manifest, key } = model
  const isRefused = choice.kind === 'refused'
  const words = [manifest.title, manifest.family, manifest.variant, manifest.id]
  return (
    <>
      <Command.Item
        value={key}
        keywords={words}
        className="switcher-item"
        disabled={isRefused}
        onSelect={() => onLoad(model)}
      >
        <span className="switcher-name">{manifest.title}</span>
        <span className="chips">
          {isSelected ? (
            <Chip kind="good" icon={<Check aria-hidden="true" />}>
              {t('switcher.inUse')}
            </Chip>
          ) : null}
          {isWarm && !isSelected ? (
            <Chip kind="good" icon={<Flame aria-hidden="true" />}>
              {t('switcher.loaded')}
            </Chip>
          ) : null}
          <Chip>{manifest.variant}</Chip>
          <Chip>{parametersText(manifest.parameters)}</Chip>
          {sizeBytes === null ? null : <Chip>{bytesText(sizeBytes)}</Chip>}
          {isRefused ? (
            <Chip kind="bad" icon={<CircleSlash aria-hidden="true" />}>
              {t('switcher.doesNotFit')}
            </Chip>
          ) : null}
        </span>
        <span className="switcher-line">{choiceWords(choice)}</span>
      </Command.Item>
      {choice.kind === 'refused' && choice.problem.contextTokens !== null ? (
        <Offer
          value={`${key} shorter`}
          words={words}
          label={t('switcher.shorter', { title: manifest.title, count: choice.problem.contextTokens })}
          onLoad={() => onLoad(withContext(model, choice.problem.contextTokens ?? manifest.contextTokens))}
        />
      ) : null}
      {choice.kind === 'refused' && choice.instead !== null ? (
        <Offer
          value={`${key} instead`}
          words={words}
          label={t('switcher.instead', { title: choice.instead.manifest.title })}
          onLoad={() => choice.instead !== null && onLoad(choice.instead)}
        />
      ) : null}
    </>
  )
}

interface OfferProps {
  readonly value: string
  readonly words: string[]
  readonly label: string
  readonly onLoad: () => void
}

function Offer({ value, words, label, onLoad }: OfferProps) {
  return (
    <Command.Item value={value} keywords={words} className="switcher-item switcher-offer" onSelect={onLoad}>
      {label}
    </Command.Item>
  )
}

export function choiceWords(choice: Choice): string {
  switch (choice.kind) {
    case 'unknown':
      return t('switcher.unknown')
    case 'fits': {
      const memory = bytesText(choice.memoryBytes)
      return choice.speed === null
        ? t('switcher.takes', { memory })
        : t('switcher.takesAndWrites', { memory, speed: forecastText(choice.speed) })
    }
    case 'refused':
      return problemText(choice.problem).advice
    default:
      return choice satisfies never
  }
}

// Newer models of which ready-made weights are known and nothing else: looking at one asks the Hub for the rest.

import { usualFormat } from '../../../shared/catalog/downloads.ts'
import type { ReadyModel } from '../../../shared/catalog/types.ts'
import { Button } from '../../ui/Button.tsx'
import { Chip } from '../../ui/Chip.tsx'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'

export function ReadyList({ models }: { readonly models: readonly ReadyModel[] }) {
  const { inspectRepository } = useCatalogue()
  return (
    <section className="ready" aria-labelledby="ready-title">
      <h3 id="ready-title" className="sub-title">
        {t('models.readyTitle')}
      </h3>
      <p className="soft small">{t('models.readyText')}</p>
      <ul className="rows">
        {models.map(({ name, kind, weights }) => {
          const usual = weights.find(({ format }) => format === usualFormat) ?? weights[0]
          return (
            <li key={name} className="row">
              <span className="row-name">{name}</span>
              <Chip>{kind}</Chip>
              <span className="soft small">{weights.map(({ format }) => format).join(', ')}</span>
              {usual === undefined ? null : (
                <Button
                  label={t('models.lookAt')}
                  spokenLabel={t('models.lookAtSpoken', { name })}
                  onPress={() => void inspectRepository(usual.repository)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

// What a repository or folder is: architecture, kind with the reason, licence, size, whether Hearth can compile it, whether it fits, and Install.
import { Ban, Check, Download } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import { familyOf, variantNamed } from '../../../shared/catalog/catalog.ts'
import { usualFormat } from '../../../shared/catalog/downloads.ts'
import type { WeightFormat } from '../../../shared/compiler/kernels/target.ts'
import { needsOfModel } from '../../../shared/fit/catalog.ts'
import { judgeFit } from '../../../shared/fit/verdict.ts'
import type { InspectionReport } from '../../../shared/inspect/report.ts'
import type { InstallSource } from '../../../shared/jobs.ts'
import { sourceKey } from '../../state/catalogue.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { factText } from '../../words/facts.ts'
import { bytesText, numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { GatedChip } from './chips.tsx'
import { Failure } from './Failure.tsx'
import { FitPanel } from './FitPanel.tsx'
import { obstacleText, reasonText } from './inspectWords.ts'

const formats = ['q4f16_1', 'q4f32_1', 'q0f16', 'q0f32'] as const satisfies readonly WeightFormat[]

export function ReportView({ report }: { readonly report: InspectionReport }) {
  const { surroundings, open } = useCatalogue()
  const { machine, freeBytes } = useStore(surroundings)
  const [format, setFormat] = useState<WeightFormat>(usualFormat)
  const [contextTokens, setContextTokens] = useState<number | null>(null)
  const { found, subject, form, config, downloadBytes, catalogVariant } = report
  const target = targetOf(machine)
  const needs = config && needsOfModel(config, target, format)
  const verdict = needs === null || machine === null ? null : judgeFit(needs, machine, contextTokens ?? undefined)
  const known = catalogVariant === null ? undefined : variantNamed(catalogVariant.id)
  const keptBytes = form === 'ready' ? downloadBytes : (needs?.weightsBytes ?? 0)
  const tooLittleBytes =
    freeBytes === null ? 0 : keptBytes + (form === 'ready' || subject.kind === 'folder' ? 0 : downloadBytes) - freeBytes
  return (
    <div className="family-columns">
      <section className="facts" aria-labelledby="report-title">
        <h2 id="report-title" className="section-title">
          {t('inspect.report.title')}
        </h2>
        {found.obstacle === null ? (
          <Notice
            kind="info"
            icon={<Check />}
            title={t(form === 'ready' ? 'inspect.report.ready' : 'inspect.report.compiles')}
          >
            {null}
          </Notice>
        ) : (
          <Notice kind="problem" icon={<Ban />} title={t('inspect.report.obstacle')}>
            <p>{obstacleText(found)}</p>
          </Notice>
        )}
        <dl className="fact-list">
          <Fact
            name={t('inspect.report.form')}
            value={t(form === 'ready' ? 'inspect.report.formReady' : 'inspect.report.formCheckpoint')}
          />
          <Fact name={t('inspect.report.architecture')} value={found.architecture ?? t('models.notKnown')} />
          <Fact
            name={t('inspect.report.kind')}
            value={
              found.variant === null
                ? t('models.notKnown')
                : t('inspect.report.kindValue', {
                    kind: found.variant.kind,
                    does: t(`models.kinds.${found.variant.kind}`),
                    reason: reasonText(found.variant.reason),
                  })
            }
          />
          <Fact
            name={t('inspect.report.licence')}
            value={found.licence === null ? t('inspect.report.notTold') : factText(found.licence)}
          />
          <Fact
            name={t('inspect.report.parameters')}
            value={found.parameters === null ? t('models.notKnown') : numberText(found.parameters)}
          />
          <Fact
            name={t('inspect.report.context')}
            value={
              found.contextTokens === null
                ? t('models.notKnown')
                : t('models.tokens', { number: numberText(found.contextTokens) })
            }
          />
          <Fact
            name={t(subject.kind === 'folder' ? 'inspect.report.read' : 'inspect.report.download')}
            value={t('inspect.report.files', { size: bytesText(downloadBytes), count: found.weightFiles.length })}
          />
        </dl>
        {subject.kind === 'repository' && subject.isGated ? (
          <p>
            <GatedChip /> {t('inspect.report.gated')}
          </p>
        ) : null}
        {known === undefined ? null : (
          <p>
            {t('inspect.report.known')}{' '}
            <button
              type="button"
              className="link"
              onClick={() => open({ kind: 'family', id: familyOf(known).id, variant: known.id })}
            >
              {familyOf(known).name}, {known.kind}
            </button>
          </p>
        )}
      </section>
      {needs === null ? null : (
        <section className="here" aria-labelledby="here-title">
          <h2 id="here-title" className="section-title">
            {t('family.here.title')}
          </h2>
          {form === 'ready' ? null : (
            <label className="member-line">
              <span className="field-label">{t('inspect.report.stored')}</span>
              <select
                className="family"
                value={format}
                onChange={(event) => setFormat(event.currentTarget.value as WeightFormat)}
              >
                {formats.map((value) => (
                  <option key={value} value={value}>
                    {t(`inspect.report.formats.${value}`)}
                  </option>
                ))}
              </select>
            </label>
          )}
          <FitPanel
            needs={needs}
            machine={machine}
            verdict={verdict}
            contextTokens={contextTokens}
            onContext={setContextTokens}
          />
          <Install
            source={sourceOf(report)}
            format={format}
            contextTokens={contextTokens}
            obstacle={
              found.obstacle !== null
                ? t('inspect.report.notCompiled')
                : verdict?.kind === 'does-not-fit'
                  ? t('family.here.wouldNotLoad')
                  : tooLittleBytes > 0
                    ? t('inspect.report.noSpace', { size: bytesText(tooLittleBytes) })
                    : null
            }
          />
        </section>
      )}
    </div>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

interface InstallProps {
  readonly source: InstallSource
  readonly format: WeightFormat
  readonly contextTokens: number | null
  readonly obstacle: string | null
}

function Install({ source, format, contextTokens, obstacle }: InstallProps) {
  const { installs, install, surroundings, showDownloads } = useCatalogue()
  const keepCheckpoint = useStore(surroundings, (state) => state.keepCheckpoints)
  const state = useStore(installs, (all) => all[sourceKey(source)])
  if (state?.kind === 'queued')
    return (
      <p className="install" role="status">
        <span>{t('models.install.states.waiting')}</span>
        <Button label={t('models.install.downloads')} onPress={showDownloads} />
      </p>
    )
  return (
    <div className="install">
      <Button
        kind="primary"
        label={t('models.install.install')}
        icon={<Download aria-hidden="true" />}
        disabled={obstacle !== null || state?.kind === 'asking'}
        onPress={() =>
          void install({ source, format, quantization: 'round-to-nearest', contextTokens, keepCheckpoint })
        }
      />
      {obstacle === null ? null : <p className="soft">{obstacle}</p>}
      {state?.kind === 'failed' ? <Failure error={state.error} again={null} /> : null}
    </div>
  )
}

function sourceOf({ subject, form }: InspectionReport): InstallSource {
  return subject.kind === 'folder'
    ? { kind: 'folder', token: subject.token }
    : { kind: form, repository: subject.repository }
}

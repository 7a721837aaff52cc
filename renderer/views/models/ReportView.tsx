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
import { formatBytes, formatCount, formatNumber } from '../../../shared/units.ts'
import { sourceKey } from '../../state/catalogue.ts'
import { targetOf } from '../../state/catalogueNeeds.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useCatalogue } from './catalogueContext.ts'
import { GatedChip, kindWords } from './chips.tsx'
import { Failure } from './Failure.tsx'
import { FitPanel } from './FitPanel.tsx'
import { sentence } from './fitWords.ts'

const formatWords: Readonly<Record<WeightFormat, string>> = {
  q4f16_1: '4 bits (usual)',
  q4f32_1: '4 bits with finer scales',
  q0f16: '16 bits, as it was published',
  q0f32: '32 bits',
}

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
          What it is
        </h2>
        {found.obstacle === null ? (
          <Notice
            kind="info"
            icon={<Check />}
            title={form === 'ready' ? 'Ready-made weights: only a library is made here' : 'Hearth can compile it'}
          >
            {null}
          </Notice>
        ) : (
          <Notice kind="problem" icon={<Ban />} title="Hearth cannot make a model of it">
            <p>{found.obstacle}</p>
          </Notice>
        )}
        <dl className="fact-list">
          <Fact name="Form" value={form === 'ready' ? 'weights in MLC’s form' : 'a checkpoint'} />
          <Fact name="Architecture" value={found.architecture ?? 'not known'} />
          <Fact
            name="Kind"
            value={
              found.variant === null
                ? 'not known'
                : `${found.variant.kind}: ${kindWords[found.variant.kind]}. ${sentence(found.variant.reason)}`
            }
          />
          <Fact name="Licence" value={found.licence ?? 'not told'} />
          <Fact name="Parameters" value={found.parameters === null ? 'not known' : formatNumber(found.parameters)} />
          <Fact
            name="Context"
            value={found.contextTokens === null ? 'not known' : `${formatNumber(found.contextTokens)} tokens`}
          />
          <Fact
            name={subject.kind === 'folder' ? 'To be read' : 'To download'}
            value={`${formatBytes(downloadBytes)}, ${formatCount(found.weightFiles.length, 'file')} of weights`}
          />
        </dl>
        {subject.kind === 'repository' && subject.isGated ? (
          <p>
            <GatedChip /> The publisher gives out the files once you accept its terms on its page at the Hub and a token
            is set in Settings.
          </p>
        ) : null}
        {known === undefined ? null : (
          <p>
            The catalogue knows it:{' '}
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
            On this machine
          </h2>
          {form === 'ready' ? null : (
            <label className="member-line">
              <span className="field-label">Stored in</span>
              <select
                className="family"
                value={format}
                onChange={(event) => setFormat(event.currentTarget.value as WeightFormat)}
              >
                {Object.entries(formatWords).map(([value, words]) => (
                  <option key={value} value={value}>
                    {words}
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
                ? 'It cannot be compiled: the reason stands beside.'
                : verdict?.kind === 'does-not-fit'
                  ? 'It would not load here.'
                  : tooLittleBytes > 0
                    ? `The disk has too little space: ${formatBytes(tooLittleBytes)} more are needed.`
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
        <span>In the queue</span>
        <Button label="Show in downloads" onPress={showDownloads} />
      </p>
    )
  return (
    <div className="install">
      <Button
        kind="primary"
        label="Install"
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

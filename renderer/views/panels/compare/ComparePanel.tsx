// The same text to several models: what is asked and of whom, how far it is, the answers side by side, and the words in which two of them differ.
import { Scale, Square } from 'lucide-react'
import { type KeyboardEvent, useEffect } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import type { OpenConversation } from '../../../state/chats/api.ts'
import type { Compare, CompareRun, CompareState } from '../../../state/compare.ts'
import type { CompareColumn } from '../../../state/compareColumn.ts'
import type { CompareStep, Setback } from '../../../state/compareRun.ts'
import type { ModelsState } from '../../../state/models.ts'
import { Button } from '../../../ui/Button.tsx'
import { bytesText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'
import { Column } from './Column.tsx'
import { Difference } from './Difference.tsx'
import { ModelChoice } from './ModelChoice.tsx'
import { QuestionFields } from './QuestionFields.tsx'
import { WayChoice } from './WayChoice.tsx'

export interface ComparePanelProps {
  readonly compare: Compare
  readonly models: StoreApi<ModelsState>
  readonly conversation: Pick<OpenConversation, 'store'>
  readonly onLink: (address: string) => void
}

export function ComparePanel({ compare, models, conversation, onLink }: ComparePanelProps) {
  const state = useStore(compare.store)
  const { installed, selected } = useStore(models)
  // What is being written elsewhere decides whether it can start.
  useStore(conversation.store, ({ run, writingChatId, chat }) => `${run.kind} ${writingChatId} ${chat?.id}`)
  useDraft(compare, conversation)
  const { text, input, columns, run, setback, pair, difference } = state
  const chosen = compare.chosen()
  const isRunning = run.kind !== 'idle'
  const canStart = compare.canStart()
  const start = () => void compare.start()
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && run.kind === 'running') compare.stop()
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isRunning) start()
    else return
    event.preventDefault()
  }
  return (
    // Keys of the fields within: what they do is on the button too.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div className="compare" onKeyDown={onKeyDown}>
      <p className="field-hint">{t('compare.lead')}</p>
      <div className="compare-ask">
        <QuestionFields
          text={text}
          input={input}
          takesInput={chosen.some(({ manifest }) => manifest.variant === 'instruct')}
          isDisabled={isRunning}
          onChange={compare.ask}
        />
        <div className="compare-choices">
          <ModelChoice
            installed={installed}
            chosen={chosen}
            isUsual={state.chosen === null}
            isDisabled={isRunning}
            onChoose={compare.choose}
          />
          <WayChoice
            way={compare.way()}
            memory={compare.memory()}
            isDisabled={isRunning}
            onChoose={compare.chooseWay}
          />
        </div>
      </div>
      <div className="panel-line">
        {isRunning ? (
          <Button
            kind="primary"
            label={t('compare.stop')}
            icon={<Square aria-hidden="true" />}
            disabled={run.kind !== 'running'}
            onPress={compare.stop}
          />
        ) : (
          <Button
            kind="primary"
            label={t('compare.start')}
            icon={<Scale aria-hidden="true" />}
            disabled={!canStart}
            onPress={start}
          />
        )}
        <p className="field-hint" role="status">
          {runText(state, selected?.manifest.title ?? '') ?? (text.trim() !== '' && !canStart ? t('compare.busy') : '')}
        </p>
      </div>
      <p className="field-hint">{t('compare.equally')}</p>
      <p className="field-hint compare-setback" role="status">
        {setback === null ? '' : setbackText(setback)}
      </p>
      {columns.length === 0 ? null : (
        <div className="compare-columns" data-count={columns.length}>
          {columns.map((column, index) => (
            <Column
              key={column.model.key}
              column={column}
              canAdopt={compare.canAdopt(index)}
              onAdopt={() => void compare.adopt(index)}
              onLink={onLink}
            />
          ))}
        </div>
      )}
      {columns.length > 1 && !isRunning ? (
        <Difference
          columns={columns}
          pair={pair}
          difference={difference}
          onPair={(next) => void compare.compareWords(next)}
        />
      ) : null}
    </div>
  )
}

/** Begins with what is in the composer. */
function useDraft(compare: Compare, conversation: Pick<OpenConversation, 'store'>): void {
  useEffect(() => {
    const { text, asked } = compare.store.getState()
    const draft = conversation.store.getState().chat?.draft
    if (text === '' && asked === null && draft !== undefined) compare.ask(draft.text, draft.input)
  }, [compare, conversation])
}

function runText({ run, columns }: Pick<CompareState, 'columns'> & { readonly run: CompareRun }, inUse: string) {
  switch (run.kind) {
    case 'idle':
      return null
    case 'running':
      return stepText(run.step, columns)
    case 'stopping':
      return t('compare.stopping')
    case 'returning':
      return t('compare.returning', { title: inUse })
    default:
      return run satisfies never
  }
}

function stepText(step: CompareStep, columns: readonly CompareColumn[]): string {
  switch (step.kind) {
    case 'turn': {
      const column = columns[step.index]
      const title = `${column?.model.manifest.title ?? ''}, ${t(`compare.state.${column?.state.kind ?? 'waiting'}`)}`
      return t('compare.running', { index: step.index + 1, count: columns.length, title })
    }
    case 'loading':
      return t('compare.loading', { title: columns[step.index]?.model.manifest.title ?? '' })
    case 'writing': {
      const writing = columns.filter(({ state }) => state.kind !== 'failed')
      const done = writing.filter(({ state }) => state.kind === 'done').length
      return t('compare.writing', { count: writing.length, done })
    }
    default:
      return step satisfies never
  }
}

function setbackText(setback: Setback): string {
  const need = bytesText(setback.needBytes)
  switch (setback.kind) {
    case 'larger':
      return t('compare.setback.larger', { need, have: bytesText(setback.haveBytes) })
    case 'short':
      return t('compare.setback.short', { need, title: setback.title })
    default:
      return setback satisfies never
  }
}

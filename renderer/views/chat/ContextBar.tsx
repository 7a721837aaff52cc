// How the model's context would be used if this were sent now, as a bar and in numbers; and what happens when it is full.
import { useId } from 'react'
import type { ChatSettings } from '../../../shared/chats/types.ts'
import type { ContextUse } from '../../state/chats/api.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { contextParts, isFull } from './contextParts.ts'

export interface ContextBarProps {
  readonly use: ContextUse
  readonly whenFull: ChatSettings['whenFull']
  readonly onWhenFull: (whenFull: ChatSettings['whenFull']) => void
  /** A longer context that memory allows; null where this is all. */
  readonly longer: { readonly contextTokens: number; readonly memory: string; readonly onPress: () => void } | null
}

export function ContextBar({ use, whenFull, onWhenFull, longer }: ContextBarProps) {
  const name = useId()
  const parts = contextParts(use)
  const used = parts.reduce((sum, { name: part, tokens }) => sum + (part === 'free' ? 0 : tokens), 0)
  return (
    <div className="context">
      <div className="context-bar" aria-hidden="true">
        {parts.map(({ name: part, tokens }) => (
          <span key={part} className={`context-part context-${part}`} style={{ flexGrow: tokens }} />
        ))}
      </div>
      <p className="context-words">
        <span className="visually-hidden">{t('chat.context.label', { used, total: use.contextTokens })}</span>
        {parts.map((part) =>
          part.tokens === 0 && part.name !== 'free' ? null : (
            <span key={part.name} className={`context-word context-${part.name}`}>
              {partText(part)}
            </span>
          ),
        )}
        <span>{t('chat.context.of', { total: use.contextTokens })}</span>
      </p>
      {isFull(use) ? (
        <fieldset className="context-full">
          <legend className="visually-hidden">{t('chat.context.whenFull')}</legend>
          <span>
            {use.forgotten.length > 0
              ? t('chat.context.fullForget', { count: use.forgotten.length })
              : t('chat.context.full')}
          </span>
          {(['forget', 'stop'] as const).map((choice) => (
            <label key={choice} className="check">
              <input type="radio" name={name} checked={whenFull === choice} onChange={() => onWhenFull(choice)} />
              {t(`chat.context.${choice}`)}
            </label>
          ))}
          {longer === null ? null : (
            <Button
              label={t('chat.context.longer', { tokens: longer.contextTokens, memory: longer.memory })}
              onPress={longer.onPress}
            />
          )}
        </fieldset>
      ) : null}
    </div>
  )
}

function partText({ name, tokens }: ReturnType<typeof contextParts>[number]): string {
  return `${t(`chat.context.${name}`)} ${tokens}`
}

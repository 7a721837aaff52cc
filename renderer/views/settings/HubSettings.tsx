// Where models come from and how: offline mode, Hub, token, proxy, speed, connections, checkpoints.
import { useId } from 'react'
import type { SettingsView } from '../../../shared/settings.ts'
import { bytesPerSecond } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { numberOf } from './GeneralSettings.tsx'
import { SettingsPage } from './SettingsPage.tsx'
import { SwitchSetting } from './SwitchSetting.tsx'
import { TextSetting } from './TextSetting.tsx'
import { TokenSetting } from './TokenSetting.tsx'

const usualEndpoint = 'https://huggingface.co'

export function HubSettings() {
  const { settings } = useManagement()
  return (
    <SettingsPage title={t('settings.hub.title')} lead={t('settings.hub.lead')}>
      {(view) => (
        <>
          <SwitchSetting
            field="offline"
            label={t('settings.hub.offline')}
            hint={t('settings.hub.offlineHint')}
            isOn={view.offline}
            lockedBecause={view.offlineByEnvironment ? t('settings.hub.offlineLocked') : null}
            onChange={(offline) => void settings.write('offline', offline)}
          />
          <TextSetting
            field="hubEndpoint"
            label={t('settings.hub.endpoint')}
            hint={t('settings.hub.endpointHint')}
            inUse={endpointWords(view)}
            value={view.hubEndpoint ?? ''}
            placeholder={usualEndpoint}
            clearLabel={t('settings.asUsual')}
            onSave={(text) => settings.write('hubEndpoint', text)}
            onClear={() => settings.write('hubEndpoint', null)}
          />
          <TokenSetting state={view.token} />
          <TextSetting
            field="proxy"
            label={t('settings.hub.proxy')}
            hint={t('settings.hub.proxyHint')}
            inUse={
              view.proxyInUse === null
                ? t('settings.none')
                : view.proxy === null
                  ? t('settings.hub.proxySystem', { address: view.proxyInUse })
                  : t('settings.setHere', { value: view.proxyInUse })
            }
            value={view.proxy ?? ''}
            placeholder="http://proxy.example:3128"
            clearLabel={t('settings.asUsual')}
            onSave={(text) => settings.write('proxy', text)}
            onClear={() => settings.write('proxy', null)}
          />
          <TextSetting
            field="speedLimitBytesPerSecond"
            label={t('settings.hub.limit')}
            hint={t('settings.hub.limitHint')}
            inUse={
              view.speedLimitBytesPerSecond === null
                ? t('settings.hub.noLimit')
                : t('settings.setHere', { value: bytesPerSecond(view.speedLimitBytesPerSecond) })
            }
            value={view.speedLimitBytesPerSecond === null ? '' : String(view.speedLimitBytesPerSecond / 1e6)}
            placeholder={t('settings.hub.noLimit')}
            unit={t('settings.hub.limitUnit')}
            clearLabel={t('settings.hub.noLimitButton')}
            onSave={(text) => {
              const megabytes = numberOf(text)
              return megabytes === null ? null : settings.write('speedLimitBytesPerSecond', Math.round(megabytes * 1e6))
            }}
            onClear={() => settings.write('speedLimitBytesPerSecond', null)}
          />
          <Connections count={view.connections} />
          <SwitchSetting
            field="keepCheckpoints"
            label={t('settings.hub.keep')}
            hint={t('settings.hub.keepHint')}
            isOn={view.keepCheckpoints}
            onChange={(keepCheckpoints) => void settings.write('keepCheckpoints', keepCheckpoints)}
          />
        </>
      )}
    </SettingsPage>
  )
}

function endpointWords({ hubEndpoint, hubEndpointInUse: address }: SettingsView): string {
  if (hubEndpoint !== null) return t('settings.hub.endpointSetHere', { address })
  return t(address === usualEndpoint ? 'settings.hub.endpointUsual' : 'settings.hub.endpointEnvironment', { address })
}

function Connections({ count }: { readonly count: number }) {
  const { settings } = useManagement()
  const id = useId()
  return (
    <div className="setting">
      <label className="field-label" htmlFor={id}>
        {t('settings.hub.connections')}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {t('settings.hub.connectionsHint')}
      </p>
      <select
        id={id}
        className="family"
        aria-describedby={`${id}-hint`}
        value={count}
        onChange={(event) => void settings.write('connections', Number(event.currentTarget.value))}
      >
        {[1, 2, 3, 4].map((number) => (
          <option key={number}>{number}</option>
        ))}
      </select>
    </div>
  )
}

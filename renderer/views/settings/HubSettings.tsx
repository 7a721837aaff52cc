// Where models come from and how: offline mode, Hub, token, proxy, speed, connections, checkpoints.
import { useId } from 'react'
import type { SettingsView } from '../../../shared/settings.ts'
import { formatBytes } from '../../../shared/units.ts'
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
    <SettingsPage
      title="Hub & network"
      lead="Hearth asks the network only for models that you look for or install. Each request is in the network ledger."
    >
      {(view) => (
        <>
          <SwitchSetting
            field="offline"
            label="Offline mode"
            hint="Nothing leaves this computer: no download, no search, no look at a repository. Installed models work as always."
            isOn={view.offline}
            lockedBecause={
              view.offlineByEnvironment ? 'HF_HUB_OFFLINE is set in the environment, so it stays on.' : null
            }
            onChange={(offline) => void settings.write('offline', offline)}
          />
          <TextSetting
            field="hubEndpoint"
            label="Address of the Hub"
            hint="A mirror or a Hub of your own."
            inUse={`${view.hubEndpointInUse}, ${endpointSource(view)}`}
            value={view.hubEndpoint ?? ''}
            placeholder={usualEndpoint}
            clearLabel="As usual"
            onSave={(text) => settings.write('hubEndpoint', text)}
            onClear={() => settings.write('hubEndpoint', null)}
          />
          <TokenSetting state={view.token} />
          <TextSetting
            field="proxy"
            label="Proxy"
            hint="The address of an http proxy."
            inUse={
              view.proxyInUse === null
                ? 'none'
                : `${view.proxyInUse}, ${view.proxy === null ? 'from the environment or the system' : 'set here'}`
            }
            value={view.proxy ?? ''}
            placeholder="http://proxy.example:3128"
            clearLabel="As usual"
            onSave={(text) => settings.write('proxy', text)}
            onClear={() => settings.write('proxy', null)}
          />
          <TextSetting
            field="speedLimitBytesPerSecond"
            label="Speed limit"
            hint="For all downloads together."
            inUse={
              view.speedLimitBytesPerSecond === null
                ? 'no limit'
                : `${formatBytes(view.speedLimitBytesPerSecond)} per second, set here`
            }
            value={view.speedLimitBytesPerSecond === null ? '' : String(view.speedLimitBytesPerSecond / 1e6)}
            placeholder="no limit"
            unit="MB per second"
            clearLabel="No limit"
            onSave={(text) => {
              const megabytes = numberOf(text)
              return megabytes === null ? null : settings.write('speedLimitBytesPerSecond', Math.round(megabytes * 1e6))
            }}
            onClear={() => settings.write('speedLimitBytesPerSecond', null)}
          />
          <Connections count={view.connections} />
          <SwitchSetting
            field="keepCheckpoints"
            label="Keep checkpoints"
            hint="The original files stay beside the model, for compiling it again in another format. They take about four times as much as the model."
            isOn={view.keepCheckpoints}
            onChange={(keepCheckpoints) => void settings.write('keepCheckpoints', keepCheckpoints)}
          />
        </>
      )}
    </SettingsPage>
  )
}

function endpointSource({ hubEndpoint, hubEndpointInUse }: SettingsView): string {
  if (hubEndpoint !== null) return 'set here'
  return hubEndpointInUse === usualEndpoint ? 'the usual one' : 'from HF_ENDPOINT in the environment'
}

function Connections({ count }: { readonly count: number }) {
  const { settings } = useManagement()
  const id = useId()
  return (
    <div className="setting">
      <label className="field-label" htmlFor={id}>
        Connections per file
      </label>
      <p id={`${id}-hint`} className="field-hint">
        More can be faster on a line with long ways, and are harder on the Hub.
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

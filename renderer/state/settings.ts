// The settings as main holds them, and the answer to each change. Main decides what is valid; a refused change leaves the old value in use.
import { createStore } from 'zustand/vanilla'
import type { SettingsChange, SettingsView } from '../../shared/settings.ts'
import type { Call, Listen } from '../ipc.ts'

export type SettingsField = keyof SettingsChange | 'token'

export interface SettingsState {
  readonly view: SettingsView | null
  readonly failure: unknown
  /** Fields whose change is on its way. */
  readonly saving: ReadonlySet<SettingsField>
  /** Why the last change of a field was refused. */
  readonly refusals: Readonly<Partial<Record<SettingsField, unknown>>>
}

export interface SettingsParts {
  readonly call: Call
  readonly listen: Listen
}

export function createSettings({ call, listen }: SettingsParts) {
  const store = createStore<SettingsState>()(() => ({ view: null, failure: null, saving: new Set(), refusals: {} }))
  let told = 0

  function show(view: SettingsView): void {
    told += 1
    store.setState({ view, failure: null })
  }

  async function start(signal: AbortSignal): Promise<void> {
    listen('settings.changed', show, { signal })
    await ask()
  }

  async function ask(): Promise<void> {
    const before = told
    try {
      const view = await call('settings.read', undefined)
      if (told === before) show(view)
    } catch (error) {
      if (told === before) store.setState({ failure: error })
    }
  }

  /** Gives whether it was taken. */
  async function change(field: SettingsField, request: () => Promise<SettingsView>): Promise<boolean> {
    store.setState(({ saving, refusals }) => ({
      saving: new Set([...saving, field]),
      refusals: { ...refusals, [field]: undefined },
    }))
    try {
      show(await request())
      return true
    } catch (error) {
      store.setState(({ refusals }) => ({ refusals: { ...refusals, [field]: error } }))
      return false
    } finally {
      store.setState(({ saving }) => ({ saving: new Set([...saving].filter((one) => one !== field)) }))
    }
  }

  return {
    store,
    start,
    ask,
    /** Changes one field. */
    write: <F extends keyof SettingsChange>(field: F, value: NonNullable<SettingsChange[F]> | null) =>
      change(field, () => call('settings.write', { [field]: value } as SettingsChange)),
    /** null forgets the token that was given here. */
    setToken: (token: string | null) => change('token', () => call('settings.token', { token })),
  }
}

// `--hearth-rehearsal=200`: the window plays a text at that many tokens per second in place of a model. Only of a checkout; a package refuses to start with it.
const rehearsalSwitch = '--hearth-rehearsal='

export type Rehearsal =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly tokensPerSecond: number }
  | { readonly kind: 'refused'; readonly message: string }

export function rehearsalOf(commandLine: readonly string[], isPackaged: boolean): Rehearsal {
  const value = commandLine.findLast((argument) => argument.startsWith(rehearsalSwitch))?.slice(rehearsalSwitch.length)
  if (value === undefined) return { kind: 'none' }
  if (isPackaged) return { kind: 'refused', message: 'A rehearsal is part of development: the app does not play one.' }
  const tokensPerSecond = Number(value)
  return tokensPerSecond > 0 && tokensPerSecond <= 10_000
    ? { kind: 'asked', tokensPerSecond }
    : { kind: 'refused', message: `${rehearsalSwitch} takes tokens per second, up to 10000; it got “${value}”.` }
}

/** Enter alone. While an input method composes, Enter chooses a candidate: it is its key, also in the one event (code 229) that some browsers send without isComposing. */
export function isSendKey(
  press: Pick<KeyboardEvent, 'key' | 'keyCode' | 'isComposing' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  const isPlain = !press.shiftKey && !press.ctrlKey && !press.metaKey && !press.altKey
  return press.key === 'Enter' && isPlain && !press.isComposing && press.keyCode !== 229
}

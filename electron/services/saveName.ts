// A name that a text is saved under, from what somebody (or a model) called it: one name of one file, on every system.

const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/iu
/** What some file system has a meaning for, what moves text about unseen, and what is no character. */
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu
/** Bytes in UTF-8, which is what file systems count; some limit a path to little more. */
const longestBytes = 100

/** Without `.kind` at its end, that is added. */
export function saveName(name: string, kind: string): string {
  const plain = name
    .normalize('NFC')
    .replaceAll(forbidden, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replace(new RegExp(`\\.${kind}$`, 'iu'), '')
    .replace(/^[ .~-]+/u, '')
  const short = shortened(plain).replace(/[ .]+$/u, '')
  const stem = short.split('.')[0]?.trim() ?? ''
  return `${short === '' ? 'chat' : reserved.test(stem) ? `${short} -` : short}.${kind}`
}

function shortened(name: string): string {
  let [result, bytes] = ['', 0]
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > longestBytes) break
    result += character
  }
  return result
}

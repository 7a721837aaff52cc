// A file name that every system takes, made from a chat's title.
import { plainLine } from './plainLine.ts'

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i

export function fileName(title: string, otherwise: string, extension: 'md' | 'html' | 'json'): string {
  const stem = plainLine(title.replace(/[<>:"/\\|?*]/g, ' '), 80).replace(/^[.\s]+|[.\s]+$/g, '')
  const safe = reserved.test(stem) ? `${stem.replaceAll('.', ' ')} chat` : stem
  return `${safe === '' ? otherwise : safe}.${extension}`
}

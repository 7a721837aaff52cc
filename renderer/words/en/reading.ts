// How text is shown: code, pictures, footnotes.
export const reading = {
  code: 'Code',
  codeIn: 'Code in {{language}}',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Not copied',
  fold: 'Fold the code',
  unfold_one: 'Show the whole line',
  unfold_other: 'Show all {{count}} lines',
  more_one: 'Show more: one character is left',
  more_other: 'Show more: {{count}} characters are left',
  picture: 'Picture',
  done: 'Done:',
  open: 'To do:',
  footnote: 'Footnote {{label}}',
  table: 'Table',
} as const

// The same text to several models, side by side.
export const compare = {
  title: 'Compare',
  show: 'Compare models',
  hide: 'Close the comparison',
} as const

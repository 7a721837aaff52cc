// What the model reads and wrote, token by token.
export const tokens = {
  title: 'Tokens',
  show: 'Show tokens',
  hide: 'Hide tokens',
} as const

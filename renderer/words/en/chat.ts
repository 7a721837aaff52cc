// The chat area: conversation, composer, variants.
export const chat = {
  send: 'Send',
} as const

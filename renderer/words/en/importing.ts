// What was not taken from a file of chats.
export const importing = {
  titled: '“{{title}}”',
  placed: 'Conversation {{place}}',
  nameless: 'A conversation without a title',
  file: {
    'too-large': 'The file is too large.',
    'not-json': 'The file is not JSON, or it is cut off.',
    'without-version': 'The file does not say which version of the format it has.',
    newer: 'The file was made by a newer Hearth; this one cannot read it.',
    'without-list': 'The file holds no list of chats.',
    empty: 'The file holds no chats.',
    'not-known': 'The file is neither conversations.json of ChatGPT nor a file of chats from Hearth.',
  },
  moreChats: 'Only the first {{taken}} of {{found}} chats were taken.',
  chat: {
    'no-chat': '{{chat}} is no chat.',
    'no-text': '{{chat}} holds no text.',
    'not-readable': '{{chat}} holds no message that could be read.',
    apart: '{{chat}}: its messages do not fit together.',
  },
  tooManyMessages: '{{chat}} has more than {{most}} messages.',
  messages_one: '{{count}} of the messages of {{chat}} could not be read.',
  messages_other: '{{count}} of the messages of {{chat}} could not be read.',
  more_one: 'And {{count}} more.',
  more_other: 'And {{count}} more.',
} as const

// What can be done with the open chat.
export const conversation = {
  send: 'Send',
  followInstruction: 'Follow instruction',
  continue: 'Continue',
  stop: 'Stop',
  cancel: 'Cancel',
  bringBack: 'Bring back',
  undoContinuation: 'Undo continuation',
  takeBack: 'Take back',
  newChat: 'New chat',
  newTemporaryChat: 'New temporary chat',
  regenerateLast: 'Write the last answer anew',
  continueLast: 'Go on with the last answer',
  offer: {
    label: 'What else would work',
    any: 'Use what fits instead',
    shorter_one: 'Load it with a context of {{count}} token ({{memory}})',
    shorter_other: 'Load it with a context of {{count}} tokens ({{memory}})',
    model: 'Use {{title}} ({{memory}})',
  },
} as const

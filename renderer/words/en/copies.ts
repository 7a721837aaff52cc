export const copies = {
  title: 'Chats and their copies',
  lead: 'A checked copy of all chats is kept for each of the last seven days, in case the file is damaged. A deleted chat can be brought back until Hearth ends; at the next start everything that you deleted is erased from the file and from every copy.',
  copies: 'Copies',
  newest: 'Newest copy',
  removed: 'Not erased yet',
  none: 'nothing',
  erase: 'Erase deleted chats for good now',
  erasing: 'Erasing …',
  erased: 'Erased from the file and from every copy.',
  damaged_one:
    '{{count}} damaged file lies aside in Hearth’s data folder, as it was found. It may hold deleted chats, and chats that are nowhere else.',
  damaged_other:
    '{{count}} damaged files lie aside in Hearth’s data folder, as they were found. They may hold deleted chats, and chats that are nowhere else.',
  eraseDamaged: 'Erase the damaged files, too',
  question: 'Erase the damaged files?',
  questionText: 'If something important is missing from your chats, it may be in them alone. This cannot be undone.',
  answer: 'Erase them',
} as const

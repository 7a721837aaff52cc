// Chats that leave the app: files, paper.
export const exporting = {
  markdown: 'Export as Markdown',
  html: 'Export as a web page',
  json: 'Export as JSON',
  complete: 'Export as JSON with settings and records',
  printChat: 'Print this chat',
  print: 'Print',
  menu: 'Export',
  you: 'You',
  model: 'Model',
  text: 'Text',
  input: 'Input',
  system: 'System prompt',
  fileName: 'Chat',
  about: 'Exported from Hearth on {{time}}',
} as const

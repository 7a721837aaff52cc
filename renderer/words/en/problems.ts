// Every error by its code (views/problems/registry.ts): what happened, without a full stop, and what a person can do about it.
export const problems = {
  tryAgain: 'Try again',
  openSettings: 'Open settings',
  showInstalled: 'Show installed models',
  switchModel: 'Switch model',
  crash: 'Hearth made a mistake and cannot go on: {{reason}} Start Hearth again.',
  block: '{{file}}, block {{block}}',
  'no-webgpu': {
    title: 'This window has no WebGPU',
    advice: 'Models run on WebGPU. Update the graphics driver and start Hearth again.',
  },
  'no-adapter': {
    title: 'No graphics adapter answered',
    advice:
      'Neither a graphics card nor the software adapter could be used. Close programs that use the graphics card, update its driver, or restart the computer; then try again.',
  },
  'load-failed': { title: 'The model could not be loaded', advice: 'Your text is kept. You can try again.' },
  'too-long': {
    title: 'The message is longer than the model can read',
    advice_one: 'It has {{count}} token; about {{limit}} fit beside a reply. Shorten it and send it again.',
    advice_other: 'It has {{count}} tokens; about {{limit}} fit beside a reply. Shorten it and send it again.',
  },
  'context-full': {
    title: 'The context is full',
    advice_one:
      'The conversation has {{count}} token; {{limit}} fit beside a reply, and nothing was to be left out. Let the oldest turns be forgotten, ask for a shorter reply, or start a new chat.',
    advice_other:
      'The conversation has {{count}} tokens; {{limit}} fit beside a reply, and nothing was to be left out. Let the oldest turns be forgotten, ask for a shorter reply, or start a new chat.',
  },
  'not-a-number': {
    title: 'The model computed values that are no numbers',
    advice:
      'Its weights or the graphics driver are at fault, and more text would be meaningless. Your text is kept. Check the files of the model, update the graphics driver, or choose another model.',
  },
  'bad-schema': {
    title: 'The JSON schema cannot be used',
    advice: 'Nothing was written. Correct the schema, or turn it off.',
  },
  'write-failed': {
    title: 'The model stopped with an error',
    advice: 'Your text is kept. You can continue from here.',
  },
  'device-lost': {
    title: 'The graphics device keeps failing',
    advice:
      'It was lost three times in five minutes, so Hearth stopped trying. Your text is kept. Close programs that use the graphics card, then try again.',
  },
  'out-of-memory': {
    title: 'The graphics device has no memory left',
    advice:
      'The model takes about {{need}}. Close programs that use the graphics card and try again, or take less: a shorter context or a smaller model.',
  },
  'damaged-file': {
    title: 'A file of the model is damaged',
    advice: 'Nothing of it was used. Repair the model, or choose another one; the others are not affected.',
  },
  'does-not-fit': {
    title: 'The model does not fit into memory',
    titleBuffer: 'A part of the model is too large',
    advice: 'It needs {{need}}; {{have}} are there for models. A smaller model of the family may fit.',
    adviceShorter_one:
      'It needs {{need}}; {{have}} are there for models. With a context of {{count}} token it would fit.',
    adviceShorter_other:
      'It needs {{need}}; {{have}} are there for models. With a context of {{count}} tokens it would fit.',
    adviceBuffer:
      'It needs a buffer of {{need}}; this graphics adapter takes up to {{have}}. A smaller model of the family may work.',
  },
  'bad-name': {
    title: 'That names no repository',
    advice:
      'A repository is written publisher/name, for example mosaicml/mpt-7b-chat, or pasted as the address of its page.',
  },
  missing: {
    title: 'There is no such {{what}}, or it is private',
    advice: 'Check the spelling. For a private repository a token that may read it is set in Settings.',
    repository: 'repository',
    revision: 'revision',
    file: 'file',
  },
  gated: {
    title: 'The publisher asks for agreement first',
    advice:
      'Sign in on the Hub, open the page of the model and accept its terms there with the account of your token; then try again. Some publishers look at each request, which takes a while.',
    adviceNoToken:
      'Sign in on the Hub, open the page of the model and accept its terms there. Then make a token in the settings of the Hub and put it into Settings here.',
  },
  disabled: {
    title: 'The Hub has disabled this repository',
    advice: 'Another copy of the model may exist: search for its name.',
  },
  'token-refused': {
    title: 'The Hub refuses the token',
    advice:
      'It is wrong, has expired or may not read this repository. Put another one into Settings, or remove it there.',
  },
  'rate-limited': {
    title: 'The Hub asks for fewer requests',
    advice: 'Wait some minutes and try again. A token in Settings raises the limit.',
    adviceUntil: 'It answers again in {{time}}. A token in Settings raises the limit.',
  },
  'link-expired': { title: 'The link to the file has expired', advice: 'A new one is asked for. Try again.' },
  offline: {
    title: 'No connection to {{host}}',
    advice:
      'Check the network; behind a proxy, set its address in Settings. What was downloaded is kept, and installed models go on working.',
  },
  server: {
    title: '{{host}} has a problem',
    advice: 'It answered with an error of its own. Try again in some minutes; what was downloaded is kept.',
    detail: '{{host}} answered {{status}}',
  },
  changed: {
    title: 'The publisher changed the files meanwhile',
    advice: 'Files of two versions are never mixed. Try again to get the newest version whole.',
  },
  unexpected: {
    title: '{{host}} gave an answer that no Hub gives',
    advice:
      'Often that is the login page of a network: open any page in a browser and sign in. Otherwise check the address of the Hub in Settings.',
  },
  'switched-off': {
    title: 'Offline mode is on',
    advice:
      'Hearth sends nothing while it is on. Turn it off in Settings to look at repositories and download; everything on this computer works without it.',
  },
  'wrong-bytes': {
    title: 'A file is not what it should be',
    advice: 'Its bytes do not have the expected checksum, so it is not used. Repairing fetches just what is wrong.',
    detail: '{{file}}: expected {{expected}}, got {{actual}}',
  },
  'disk-full': {
    title: 'The disk has too little space',
    advice:
      '{{need}} are needed and {{free}} are free. Delete models you no longer use, or move the models folder to another disk.',
  },
  'store-in-use': {
    title: 'Another Hearth uses the models folder',
    advice: 'Close it, or wait until it has finished; then try again.',
  },
  'store-unusable': {
    title: 'The models folder cannot be used',
    advice: 'It cannot be read or written, or a newer Hearth made it. Check the folder in Settings.',
  },
  'not-installed': {
    title: 'That is not there any more',
    advice: 'It may have been deleted or moved. Choose it again.',
  },
  'does-not-compile': {
    title: 'Hearth cannot compile this',
    advice: 'Its files are not of a kind that Hearth understands. Another version of the model may be.',
  },
  'already-installed': { title: 'It is installed already', advice: 'Find it among the installed models.' },
  'stopped-itself': {
    title: 'The work ended by itself',
    advice: 'Often memory was short. Close other programs and try again; what was downloaded is kept.',
  },
  'chats-read-only': {
    title: 'Chats can be read, not changed',
    advice: 'A newer Hearth wrote them. Read and export them here; to write, start the newer Hearth.',
  },
  'chats-unusable': {
    title: 'Chats cannot be read or written',
    advice: 'Check that the disk is there and that Hearth may write to its data folder; then try again.',
  },
  'chats-damaged': {
    title: 'The file with the chats was damaged',
    advice:
      'It was set aside and everything that could be saved is back. Look whether the newest messages are there; then try again.',
  },
  'chats-in-use': { title: 'Another Hearth has the chats open', advice: 'Close it; then try again.' },
  'chats-gone': {
    title: 'This {{what}} is not there any more',
    advice: 'It was removed meanwhile.',
    chat: 'chat',
    message: 'message',
    folder: 'folder',
    entry: 'entry',
  },
  'chats-conflict': {
    title: 'This message is different on the disk',
    advice: 'Nothing was overwritten. Open the chat again to see what was kept.',
  },
  'no-chats-in-file': {
    title: 'No chats were found in this file',
    advice: 'Hearth reads the conversations.json of a ChatGPT export and its own exports. Unpack an archive first.',
    noFile: 'That is no file.',
    tooLarge: 'It is larger than {{most}}.',
    notReadable: 'It cannot be read ({{cause}}).',
  },
  'not-saved': {
    title: 'The file was not saved',
    advice: 'Choose another folder: this one cannot be written to, or its disk is full.',
  },
  mistake: {
    title: 'Something went wrong inside Hearth',
    advice: 'Nothing was changed. Try again; if it happens once more, start Hearth again.',
  },
} as const

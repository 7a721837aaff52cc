// What a page can ask a person, the system or a device for, and how each request is refused.

/** Everything a browser asks about, as the source of an async function, and how it is refused: the answer itself, or the name of the error. */
export const permissions: readonly (readonly [name: string, refusal: string, source: string])[] = [
  [
    'geolocation',
    'denied',
    `return new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('granted'), (e) => done(e.code === 1 ? 'denied' : 'error ' + e.message)))`,
  ],
  ['notifications', 'denied', 'return Notification.requestPermission()'],
  ['the microphone', 'NotAllowedError', 'return navigator.mediaDevices.getUserMedia({ audio: true })'],
  ['the camera', 'NotAllowedError', 'return navigator.mediaDevices.getUserMedia({ video: true })'],
  ['the screen', 'NotAllowedError', 'return navigator.mediaDevices.getDisplayMedia({ video: true })'],
  ['MIDI', 'NotAllowedError', 'return navigator.requestMIDIAccess()'],
  ['MIDI with system messages', 'NotAllowedError', 'return navigator.requestMIDIAccess({ sysex: true })'],
  ['reading the clipboard', 'NotAllowedError', 'return navigator.clipboard.readText()'],
  ['idle detection', 'denied', 'return IdleDetector.requestPermission()'],
  ['local fonts', '0 fonts', `return (await queryLocalFonts()).length + ' fonts'`],
  ['screen details', 'NotAllowedError', 'return getScreenDetails()'],
  ['keeping the screen awake', 'NotAllowedError', `return navigator.wakeLock.request('screen')`],
  ['the pointer', 'SecurityError', 'return document.body.requestPointerLock({})'],
  [
    'full screen',
    'not full',
    `document.body.requestFullscreen().catch(() => undefined)
     await new Promise((later) => setTimeout(later, 500))
     return document.fullscreenElement === null ? 'not full' : 'granted'`,
  ],
  ['the keyboard', 'InvalidStateError', `return navigator.keyboard.lock(['Escape'])`],
  ['persistent storage', 'false', 'return String(await navigator.storage.persist())'],
]

/** What nobody is asked about: there is no device to choose, no such module, or the page may not name one. */
export const withheld: readonly (readonly [name: string, refusal: string, source: string])[] = [
  ['HID devices', '0 devices', `return (await navigator.hid.requestDevice({ filters: [] })).length + ' devices'`],
  ['serial ports', 'NotFoundError', 'return navigator.serial.requestPort()'],
  ['USB devices', 'NotFoundError', 'return navigator.usb.requestDevice({ filters: [] })'],
  [
    'Bluetooth devices',
    'NotFoundError|no such API',
    `return navigator.bluetooth === undefined ? 'no such API' : navigator.bluetooth.requestDevice({ acceptAllDevices: true })`,
  ],
  [
    'protected media',
    'NotSupportedError',
    `return navigator.requestMediaKeySystemAccess('com.widevine.alpha', [{ videoCapabilities: [{ contentType: 'video/mp4; codecs="avc1.42E01E"' }] }])`,
  ],
  [
    'a payment',
    'RangeError',
    `return new PaymentRequest([{ supportedMethods: 'https://example.org/pay' }], { total: { label: 'x', amount: { currency: 'EUR', value: '1' } } }).show()`,
  ],
  [
    'a protocol of its own',
    'SecurityError',
    `return navigator.registerProtocolHandler('web+x', location.origin + '/%s')`,
  ],
]

/** What can be asked of navigator.permissions. */
export const queried: readonly string[] = [
  'geolocation',
  'notifications',
  'push',
  'midi',
  'camera',
  'microphone',
  'background-fetch',
  'background-sync',
  'persistent-storage',
  'accelerometer',
  'gyroscope',
  'magnetometer',
  'screen-wake-lock',
  'nfc',
  'display-capture',
  'idle-detection',
  'periodic-background-sync',
  'storage-access',
  'window-management',
  'local-fonts',
  'clipboard-read',
  'keyboard-lock',
  'pointer-lock',
]

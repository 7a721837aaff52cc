// Loaded into an app's main process before the app's own code, and from there with NODE_OPTIONS into every other Node process of it and their worker
// threads: it writes down each connection, datagram socket, server and look-up of a name. It listens at Node's own native handles (async_hooks is told of each as it is
// made), which every library has to pass, ours and others': node:diagnostics_channel, for one, hears of net.connect and not of tls.connect. What Chromium
// does by itself stands in its own log (netLog.ts). A debugger's connections are made to the app and pass neither.
const { createHook } = require('node:async_hooks')
const { openSync, writeSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

/** What a native handle stands for, by its name. Datagrams may leave without a handle of their own, so their sockets count. */
const kinds = {
  TCPCONNECTWRAP: 'connection',
  UDPWRAP: 'datagrams',
  TCPSERVERWRAP: 'server',
  GETADDRINFOREQWRAP: 'lookup',
  GETNAMEINFOREQWRAP: 'lookup',
  QUERYWRAP: 'lookup',
}

const path = process.env.HEARTH_SOCKETS_FILE
// Launchers, which are plain Node, inherit the variable too.
if (path !== undefined && process.versions.electron !== undefined) {
  // Playwright takes this variable away from the process that it starts.
  process.env.NODE_OPTIONS ??= `--require ${JSON.stringify(__filename)}`
  const file = openSync(path, 'a')
  const place = isMainThread ? (process.type ?? 'node') : 'thread'
  const write = (line) => writeSync(file, `${JSON.stringify({ place, ...line })}\n`)
  write({ kind: 'started', to: '' })
  createHook({
    init(_id, type, _trigger, { address, port, hostname }) {
      const kind = kinds[type]
      if (kind === undefined) return
      write({ kind, to: hostname ?? (address === undefined ? '' : `${address}:${port}`) })
    },
  }).enable()
}

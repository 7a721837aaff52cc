// The main process of the measurement: a window locked as Hearth's is (sandbox, isolation, its content security policy), the same file behind every way
// in which Electron can hand it over, and one line of JSON per way on stdout.
import { createReadStream, statSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import {
  app,
  BrowserWindow,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
  net,
  protocol,
  type UtilityProcess,
  utilityProcess,
} from 'electron'

const { file, ways } = JSON.parse(process.env.HEARTH_TRANSPORT ?? '{}') as { file: string; ways: string[] }
const sizeBytes = statSync(file).size
const MiB = 2 ** 20

protocol.registerSchemesAsPrivileged(
  ['app', 'model', 'file-model', 'stream-model', 'buffer-model'].map((scheme) => ({
    scheme,
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  })),
)
const headers = {
  'access-control-allow-origin': 'app://bundle',
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
  'content-type': 'application/octet-stream',
}
const pageHeaders = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}
app.commandLine.appendSwitch('disable-gpu-process-crash-limit')
app.commandLine.appendSwitch('enable-unsafe-webgpu')
if (process.getuid?.() !== 0) app.enableSandbox()

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url)
  const chunk = Number(url.searchParams.get('chunk') ?? MiB)
  const start = Number(url.searchParams.get('start') ?? 0)
  const end = Number(url.searchParams.get('end') ?? sizeBytes) - 1
  const answered = { ...headers, 'content-length': String(end - start + 1) }
  switch (url.pathname) {
    case '/readable':
      return new Response(Readable.toWeb(createReadStream(file, { start, end, highWaterMark: chunk })) as never, {
        headers: answered,
      })
    case '/pull': {
      const handle = await open(file)
      let at = start
      const stream = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const bytes = new Uint8Array(Math.min(chunk, end + 1 - at))
          const { bytesRead } = await handle.read(bytes, 0, bytes.length, at)
          at += bytesRead
          if (bytesRead > 0) controller.enqueue(bytes.subarray(0, bytesRead))
          if (at > end) {
            await handle.close()
            controller.close()
          }
        },
      })
      return new Response(stream, { headers: answered })
    }
    case '/bytes': {
      const handle = await open(file)
      const bytes = new Uint8Array(end - start + 1)
      await handle.read(bytes, 0, bytes.length, start)
      await handle.close()
      return new Response(bytes, { headers: answered })
    }
    case '/net':
    case '/net-bypass': {
      const response = await net.fetch(pathToFileURL(file).href, {
        bypassCustomProtocolHandlers: url.pathname === '/net-bypass',
        headers: { range: `bytes=${start}-${end}` },
      })
      return new Response(response.body, { headers: answered })
    }
    default:
      return new Response(null, { status: 404 })
  }
}

async function answerPage(request: Request): Promise<Response> {
  const name = new URL(request.url).pathname.slice(1)
  if (name === '')
    return new Response('<!doctype html><script type="module" src="/page.ts"></script>', {
      headers: { ...pageHeaders, 'content-type': 'text/html' },
    })
  const source = await readFile(join(import.meta.dirname, name), 'utf8').catch(() => null)
  if (source === null) return new Response(null, { status: 404 })
  return new Response(stripTypeScriptTypes(source), { headers: { ...pageHeaders, 'content-type': 'text/javascript' } })
}

const readers: UtilityProcess[] = []
function reader(index: number): UtilityProcess {
  readers[index] ??= utilityProcess.fork(join(import.meta.dirname, 'reader.ts'), [file], { stdio: 'inherit' })
  return readers[index]
}

/** Reads for a port in the main process itself, as the reader does in its own. */
function serveInMain(port: MessagePortMain): void {
  const handle = open(file)
  port.on('message', async ({ data }) => {
    const bytes = new Uint8Array(data.length)
    await (await handle).read(bytes, 0, bytes.length, data.start)
    port.postMessage({ start: data.start, bytes })
  })
  port.start()
}

/** Of all processes of the app together. */
function cpuSecondsSoFar(): number {
  return app.getAppMetrics().reduce((sum, { cpu }) => sum + (cpu.cumulativeCPUUsage ?? 0), 0)
}

void app.whenReady().then(async () => {
  protocol.handle('app', answerPage)
  protocol.handle('model', answer)
  protocol.registerFileProtocol?.('file-model', (_request, done) => done({ path: file, headers }))
  protocol.registerStreamProtocol?.('stream-model', (request, done) => {
    const chunk = Number(new URL(request.url).searchParams.get('chunk') ?? MiB)
    done({
      data: createReadStream(file, { highWaterMark: chunk }),
      headers: { ...headers, 'content-length': String(sizeBytes) },
    })
  })
  protocol.registerBufferProtocol?.('buffer-model', (_request, done) => {
    void readFile(file).then((data) => done({ data, headers }))
  })
  ipcMain.on('port', (event, { where, index }: { where: string; index: number }) => {
    const { port1, port2 } = new MessageChannelMain()
    if (where === 'main') serveInMain(port1)
    else reader(where === 'processes' ? index : 0).postMessage(null, [port1])
    event.sender.postMessage('port', null, [port2])
  })
  let cpuBefore = 0
  ipcMain.on('result', (_event, line: object) => {
    const cpuSeconds = cpuSecondsSoFar()
    console.log(`transport: ${JSON.stringify({ ...line, cpuSeconds: cpuSeconds - cpuBefore })}`)
    cpuBefore = cpuSecondsSoFar()
  })
  ipcMain.on('end', () => app.exit(0))
  ipcMain.handle('job', () => ({ sizeBytes, ways }))
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      backgroundThrottling: false,
    },
  })
  window.webContents.on('console-message', ({ message }) => console.error(`page: ${message}`))
  await window.loadURL('app://bundle/')
})

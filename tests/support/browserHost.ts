// Runs a function of a TypeScript module of this repository in a real browser page with WebGPU: Vite serves the sources, Playwright drives Chromium.

import { chromium } from 'playwright'
import { createServer } from 'vite'

export interface BrowserHost {
  /** Calls `name`, exported by the module at a path relative to the repository's root, with one JSON-serialisable input. */
  readonly call: <Output>(module: string, name: string, input: unknown) => Promise<Output>
  readonly close: () => Promise<void>
}

export interface BrowserHostOptions {
  readonly executablePath: string
  /** Chromium switches, for example --use-webgpu-adapter=swiftshader. */
  readonly flags: readonly string[]
  /** Folder served at /files/, for bulk data. */
  readonly files?: ReadonlyMap<string, Uint8Array>
}

export async function openBrowserHost(root: string, options: BrowserHostOptions): Promise<BrowserHost> {
  const files = options.files ?? new Map<string, Uint8Array>()
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    cacheDir: '.cache/vite-browser-host',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { include: ['@mlc-ai/web-llm', 'zod'], noDiscovery: true },
    plugins: [
      {
        name: 'memory-files',
        configureServer(vite) {
          vite.middlewares.use('/files/', (request, response) => {
            const name = decodeURIComponent((request.url ?? '/').slice(1))
            if (name === 'blank.html') {
              response
                .setHeader('content-type', 'text/html')
                .end('<!doctype html><link rel="icon" href="data:,"><title>Hearth</title>')
              return
            }
            const content = files.get(name)
            if (content === undefined) response.writeHead(404).end()
            else response.setHeader('content-length', content.byteLength).end(content)
          })
        },
      },
    ],
  })
  await server.listen()
  const address = server.resolvedUrls?.local[0]
  if (address === undefined) throw new Error('the page server has no address')
  const browser = await chromium.launch({ executablePath: options.executablePath, args: [...options.flags] })
  const page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`)
  })
  await page.goto(`${address}files/blank.html`)
  return {
    call: <Output>(module: string, name: string, input: unknown) =>
      page.evaluate(
        async ([path, exported, argument]) => {
          const loaded = (await import(/* @vite-ignore */ path)) as Record<string, (input: unknown) => Promise<unknown>>
          const callee = loaded[exported]
          if (callee === undefined) throw new Error(`${path} exports no ${exported}`)
          return callee(argument)
        },
        [`/${module}`, name, input] as const,
      ) as Promise<Output>,
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

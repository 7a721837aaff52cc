// Builds the three parts of the app into out/: main (ES module), preload (CommonJS, the only kind a sandboxed preload can be) and the renderer.
// Everything is bundled, so that a package carries no node_modules; the page gets hashed files and no inline script.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { events, preloadOnly, requests } from './shared/ipc.ts'

const inPreloadOnly: ReadonlySet<string> = new Set(preloadOnly)
const fromRoot = (path: string) => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: fromRoot('out/main'),
      externalizeDeps: false,
      sourcemap: false,
      license: { fileName: 'third-party-licenses.md' },
      rollupOptions: {
        input: {
          main: fromRoot('electron/main.ts'),
          modelsProcess: fromRoot('electron/models/process.ts'),
          chatsProcess: fromRoot('electron/chats/process.ts'),
          chatsBackupWorker: fromRoot('electron/services/chats/backupWorker.ts'),
          compileWorker: fromRoot('electron/services/jobs/compileWorker.ts'),
        },
      },
    },
  },
  preload: {
    // The bridge is made from the channel list here, at build time: the preload itself carries no decoder and knows no other name.
    define: {
      hearthChannels: JSON.stringify(Object.keys(requests).filter((channel) => !inPreloadOnly.has(channel))),
      hearthEvents: JSON.stringify(Object.keys(events)),
    },
    build: {
      outDir: fromRoot('out/preload'),
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: fromRoot('electron/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: fromRoot('renderer'),
    base: '/',
    plugins: [react()],
    worker: { format: 'es' },
    // The package's build for browsers decodes with innerHTML, which a worker does not have and the page does not allow.
    resolve: {
      alias: {
        'decode-named-character-reference': fromRoot('node_modules/decode-named-character-reference/index.js'),
      },
    },
    build: {
      outDir: fromRoot('out/renderer'),
      // No data: addresses: the content security policy allows none.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // What is bundled keeps its licence texts beside it.
      license: { fileName: 'third-party-licenses.md' },
      chunkSizeWarningLimit: 10_000,
      rollupOptions: { input: fromRoot('renderer/index.html') },
    },
  },
})

// The real app with another page in it: readingPage, built as the window is, so that texts are shown under the app's own policy, protocol and guards.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { vi } from 'vitest'
import { launchApp, prepareApp, type RunningApp } from './electronApp.ts'

const root = resolve(import.meta.dirname, '../..')

export async function launchReading(): Promise<RunningApp> {
  await prepareApp()
  const folder = mkdtempSync(join(tmpdir(), 'hearth-reading-'))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  for (const part of ['main', 'preload'])
    cpSync(join(root, 'out', part), join(folder, 'out', part), { recursive: true })
  cpSync(join(root, 'resources'), join(folder, 'resources'), { recursive: true })
  await buildPage(join(folder, 'out/renderer'))
  const running = await launchApp({ app: folder })
  await running.page.waitForFunction(() => 'reading' in globalThis)
  return {
    ...running,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function buildPage(outDir: string): Promise<void> {
  // As the window is built. With the NODE_ENV of tests React's development build would be measured, which takes ten times as long.
  vi.stubEnv('NODE_ENV', 'production')
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'readingPage'),
    base: '/',
    logLevel: 'warn',
    plugins: [react()],
    worker: { format: 'es' },
    resolve: {
      alias: {
        'decode-named-character-reference': join(root, 'node_modules/decode-named-character-reference/index.js'),
      },
    },
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 10_000,
    },
  }).finally(() => vi.unstubAllEnvs())
}

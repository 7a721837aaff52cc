// Four tiers, each runnable alone: unit (Node), ui (jsdom), gpu (Chromium with WebGPU), app (real Electron); plus half: the kernels that need
// shader-f16, on Dawn for Node.
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

// The browser that `npm run test:gpu` found; Debian's when vitest is started by hand; else Playwright's own.
const browser = process.env.HEARTH_CHROMIUM ?? '/usr/bin/chromium'
/** Set where the tier runs in parts at once (electron/launch/test.ts). */
const gpuPart = process.env.HEARTH_GPU_PART
const webGpuFlags = [
  // Chromium does not start as root with its sandbox.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  test: {
    // One file for each core, also on two: many of them wait for a disk or for processes that are killed.
    maxWorkers: availableParallelism(),
    projects: [
      { test: { name: 'unit', environment: 'node', include: ['tests/unit/**/*.test.ts'], testTimeout: 60_000 } },
      {
        plugins: [react()],
        test: {
          name: 'ui',
          environment: 'jsdom',
          include: ['tests/ui/**/*.test.{ts,tsx}'],
          setupFiles: ['tests/ui/setup.ts'],
          testTimeout: 20_000,
        },
      },
      {
        // Two runs at once bundle the same packages: each for itself.
        ...(gpuPart === undefined ? {} : { cacheDir: `node_modules/.vite/gpu-${gpuPart}` }),
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(existsSync(browser) ? { executablePath: browser } : {}), args: webGpuFlags },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'half',
          environment: 'node',
          include: ['tests/gpu/**/*.test.ts'],
          // Of the page and its workers, and the same with every library: the browser runs them.
          exclude: [
            'tests/gpu/lostDevice.test.ts',
            'tests/gpu/webLlmPrompts.test.ts',
            'tests/gpu/webLlmSampling.test.ts',
            'tests/gpu/writeAtOnce.test.ts',
          ],
          testTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'app',
          environment: 'node',
          include: ['tests/app/**/*.test.ts'],
          globalSetup: ['tests/support/socketCount.ts'],
          // As long as Playwright waits for what it is asked: a second passes quickly where other programs work too.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})

// The token for the Hub, encrypted by the operating system's key store. Where the system has none (on Linux Electron then falls back to a fixed password)
// the token stays in memory until the app ends. It is never written in the clear, logged or passed on a command line.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { safeStorage } from 'electron'
import type { TokenStore } from './services/preferences.ts'

export function openTokenStore(file: string): TokenStore {
  let inMemory: string | null = null
  const canStore = () =>
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')
  return {
    read() {
      if (inMemory !== null) return { token: inMemory, state: 'memory' }
      if (!canStore()) return null
      try {
        return { token: safeStorage.decryptString(readFileSync(file)), state: 'stored' }
      } catch {
        // No file, or one of another user or key store.
        return null
      }
    },
    write(token) {
      inMemory = null
      if (token === null) rmSync(file, { force: true })
      else if (canStore()) {
        mkdirSync(dirname(file), { recursive: true })
        const temporary = `${file}.${process.pid}.new`
        writeFileSync(temporary, safeStorage.encryptString(token), { mode: 0o600 })
        renameSync(temporary, file)
      } else {
        rmSync(file, { force: true })
        inMemory = token
      }
    },
  }
}

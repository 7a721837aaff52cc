// The switches burnt into the packaged Electron binary, one line each with its reason. Every fuse there is must be named: an Electron with a new one
// does not package until somebody decides about it.
import { type FuseConfig, FuseV1Options, FuseVersion } from '@electron/fuses'

/** Fuses for a platform in electron-builder's words: darwin, win32 or linux. */
export function fusesFor(platform: string): FuseConfig {
  return {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Hearth's binary is not a JavaScript interpreter for other programs.
    [FuseV1Options.RunAsNode]: false,
    // Hearth keeps no cookies; should it ever, they are encrypted.
    [FuseV1Options.EnableCookieEncryption]: true,
    // No code and no certificates from environment variables.
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    // No debugger into the main process.
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    // Electron verifies its archive on macOS and Windows only.
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: platform !== 'linux',
    // Without this a folder named app beside the archive would be run instead of it.
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    // No snapshot of our own is shipped.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Pages come from app:, never from file:.
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    // Guard pages instead of bounds checks in WebAssembly: faster, and as safe.
    [FuseV1Options.WasmTrapHandlers]: true,
  }
}

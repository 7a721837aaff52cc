import { expect, test } from 'vitest'
import { missingLibraries, packagesFor } from '../../../electron/launch/debian.ts'

const ldd = `	linux-vdso.so.1 (0x00007ffd)
	libffmpeg.so => /app/./libffmpeg.so (0x00007f01)
	libglib-2.0.so.0 => not found
	libgobject-2.0.so.0 => not found
	libnss3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f02)
	libnss3.so => not found
	/lib64/ld-linux-x86-64.so.2 (0x00007f03)
`

test('missing libraries are those that ldd does not find, each once', () => {
  expect(missingLibraries(ldd)).toEqual(['libglib-2.0.so.0', 'libgobject-2.0.so.0', 'libnss3.so'])
})

test('libraries of one package ask for that package once', () => {
  expect(packagesFor(missingLibraries(ldd))).toEqual({ packages: ['libglib2.0-0', 'libnss3'], unknown: [] })
})

test('a library nobody listed is named instead of guessed', () => {
  expect(packagesFor(['libnss3.so', 'libnew.so.9'])).toEqual({ packages: ['libnss3'], unknown: ['libnew.so.9'] })
})

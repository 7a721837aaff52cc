import { expect, test } from 'vitest'
import { menuTemplate } from '../../../electron/menu.ts'

/** Every role in the menu, at any depth. */
function roles(items: ReturnType<typeof menuTemplate>): readonly string[] {
  return items.flatMap(({ role, submenu }) => [
    ...(role === undefined ? [] : [role]),
    ...(Array.isArray(submenu) ? roles(submenu) : []),
  ])
}

test.each(['linux', 'darwin', 'win32'])(
  'a package on %s offers nothing that loses the text or opens tools',
  (platform) => {
    const offered = roles(menuTemplate(platform, false))
    expect(offered).toEqual(expect.arrayContaining(['copy', 'zoomIn', 'togglefullscreen']))
    expect(offered).not.toEqual(expect.arrayContaining(['reload']))
    expect(offered).not.toEqual(expect.arrayContaining(['toggleDevTools']))
    expect(roles(menuTemplate(platform, true))).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']))
  },
)

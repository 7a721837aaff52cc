// The application menu. Its accelerators, which come with the roles, work in every text field; the page's own commands have theirs in the page. Roles bring
// labels and menus as well, but in English only.
import type { MenuItemConstructorOptions } from 'electron'
import type { MainWords } from './words/words.ts'

type Items = MenuItemConstructorOptions[]

/** Menu for a platform; `development` adds reloading and the developer tools. */
export function menuTemplate(platform: string, development: boolean, { menu: words }: MainWords): Items {
  const isMac = platform === 'darwin'
  const reload: Items = [{ role: 'reload', label: words.reload }, { type: 'separator' }]
  const developerTools: Items = [{ role: 'toggleDevTools', label: words.developerTools }]
  return [
    ...(isMac ? [appMenu(words)] : []),
    {
      label: words.file,
      submenu: [isMac ? { role: 'close', label: words.close } : { role: 'quit', label: words.quit }],
    },
    {
      label: words.edit,
      submenu: [
        { role: 'undo', label: words.undo },
        { role: 'redo', label: words.redo },
        { type: 'separator' },
        { role: 'cut', label: words.cut },
        { role: 'copy', label: words.copy },
        { role: 'paste', label: words.paste },
        { role: 'selectAll', label: words.selectAll },
      ],
    },
    {
      label: words.view,
      submenu: [
        // Not for people: the text in the window would be gone.
        ...(development ? reload : []),
        { role: 'resetZoom', label: words.resetZoom },
        { role: 'zoomIn', label: words.zoomIn },
        { role: 'zoomOut', label: words.zoomOut },
        { type: 'separator' },
        { role: 'togglefullscreen', label: words.fullScreen },
        ...(development ? developerTools : []),
      ],
    },
    windowMenu(words, isMac),
  ]
}

function appMenu(words: MainWords['menu']): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about', label: words.about },
      { type: 'separator' },
      { role: 'services', label: words.services },
      { type: 'separator' },
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.unhide },
      { type: 'separator' },
      { role: 'quit', label: words.quit },
    ],
  }
}

function windowMenu(words: MainWords['menu'], isMac: boolean): MenuItemConstructorOptions {
  const last: Items = isMac
    ? [{ type: 'separator' }, { role: 'front', label: words.front }]
    : [{ role: 'close', label: words.close }]
  return {
    role: 'windowMenu',
    label: words.window,
    submenu: [{ role: 'minimize', label: words.minimize }, { role: 'zoom', label: words.zoom }, ...last],
  }
}

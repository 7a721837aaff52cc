import { expect, test } from 'vitest'
import { menuTemplate } from '../../../electron/menu.ts'
import { mainWords } from '../../../electron/words/words.ts'
import { languageNames } from '../../../shared/language.ts'

type Items = ReturnType<typeof menuTemplate>

const platforms = ['linux', 'darwin', 'win32'] as const

const submenuOf = ({ submenu }: Items[number]): Items => (Array.isArray(submenu) ? submenu : [])

/** Every role in the menu, at any depth. */
function roles(items: Items): readonly string[] {
  return items.flatMap((item) => [...(item.role === undefined ? [] : [item.role]), ...roles(submenuOf(item))])
}

/** Everything but the words. */
const structure = (items: Items): unknown =>
  items.map(({ label, submenu, ...rest }) => ({
    ...rest,
    isNamed: label !== undefined,
    ...(Array.isArray(submenu) ? { submenu: structure(submenu) } : {}),
  }))

function labels(items: Items): readonly string[] {
  return items.flatMap((item) => [item.label ?? '', ...labels(submenuOf(item))]).filter((label) => label !== '')
}

test.each(platforms)('a package on %s offers nothing that loses the text or opens tools', (platform) => {
  const offered = roles(menuTemplate(platform, false, mainWords.en))
  expect(offered).toEqual(expect.arrayContaining(['copy', 'zoomIn', 'togglefullscreen']))
  expect(offered).not.toEqual(expect.arrayContaining(['reload']))
  expect(offered).not.toEqual(expect.arrayContaining(['toggleDevTools']))
  expect(roles(menuTemplate(platform, true, mainWords.en))).toEqual(
    expect.arrayContaining(['reload', 'toggleDevTools']),
  )
})

test.each(platforms)('on %s the menu is the same in every language but for its words', (platform) => {
  const english = menuTemplate(platform, true, mainWords.en)
  for (const language of languageNames) {
    const menu = menuTemplate(platform, true, mainWords[language])
    expect(structure(menu), language).toEqual(structure(english))
    if (language === 'en') continue
    expect(labels(menu).filter((label) => labels(english).includes(label))).toEqual([])
  }
})

test.each(platforms)('on %s every item is named and keeps the accelerator of its role', (platform) => {
  const nameless = (items: Items): Items =>
    items.flatMap((item) => [
      ...(item.label === undefined && item.type !== 'separator' && item.role !== 'appMenu' ? [item] : []),
      ...(item.accelerator === undefined && item.click === undefined ? [] : [item]),
      ...nameless(submenuOf(item)),
    ])
  for (const language of languageNames) expect(nameless(menuTemplate(platform, true, mainWords[language]))).toEqual([])
})

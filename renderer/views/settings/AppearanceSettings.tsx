// Language, colours, size, direction and contrast of the window. It needs nothing of main.
import { languageNames } from '../../../shared/language.ts'
import { chooseTheme } from '../../commands/appearanceCommands.ts'
import { contrasts, directions, fontSizes, themes, usualAppearance } from '../../state/appearance.ts'
import { Button } from '../../ui/Button.tsx'
import { ownNames, t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { PageTitle } from '../PageTitle.tsx'
import { Choice } from './Choice.tsx'

export function AppearanceSettings() {
  const app = useApp()
  const { theme, language, fontSize, direction, contrast } = useValue(app.appearance, (state) => state)
  const change = app.appearance.setState
  return (
    <div className="browse-page settings-page">
      <header className="page-head">
        <PageTitle>{t('settings.appearance')}</PageTitle>
        <p className="soft">{t('settings.appearanceLead')}</p>
      </header>
      <Choice
        label={t('settings.language')}
        hint={t('settings.languageHint')}
        options={['system', ...languageNames]}
        words={(option) => (option === 'system' ? t('settings.languageSystem') : ownNames[option])}
        value={language}
        onChange={(chosen) => change({ language: chosen })}
      />
      <Choice
        label={t('settings.theme')}
        options={themes}
        words={(option) => t(`settings.themes.${option}`)}
        value={theme}
        onChange={(chosen) => chooseTheme(chosen).run(app)}
      />
      <Choice
        label={t('settings.fontSize')}
        hint={t('settings.fontSizeHint')}
        options={fontSizes}
        words={(option) => t(`settings.fontSizes.${option}`)}
        value={fontSize}
        onChange={(chosen) => change({ fontSize: chosen })}
      />
      <Choice
        label={t('settings.contrast')}
        hint={t('settings.contrastHint')}
        options={contrasts}
        words={(option) => t(`settings.contrasts.${option}`)}
        value={contrast}
        onChange={(chosen) => change({ contrast: chosen })}
      />
      <Choice
        label={t('settings.direction')}
        hint={t('settings.directionHint')}
        options={directions}
        words={(option) => t(`settings.directions.${option}`)}
        value={direction}
        onChange={(chosen) => change({ direction: chosen })}
      />
      <p className="page-tools">
        <Button label={t('settings.backToUsual')} onPress={() => change(usualAppearance)} />
      </p>
    </div>
  )
}

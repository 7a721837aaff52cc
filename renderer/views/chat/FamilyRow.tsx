// The family of the model in use, tied to the stores: other families that are installed, and its variants.
import { useStore } from 'zustand'
import { familyOf as catalogueFamilyOf } from '../../../shared/catalog/catalog.ts'
import { usualFormat } from '../../../shared/catalog/downloads.ts'
import { chooseFamily } from '../../commands/chooseFamily.ts'
import { variantCommands } from '../../commands/index.ts'
import { requestFor } from '../../state/catalogue.ts'
import { fitsMachine } from '../../state/catalogueFilters.ts'
import { fitOfNeeds, targetOf } from '../../state/catalogueNeeds.ts'
import { familiesOf, familyOf } from '../../state/models.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useCatalogue } from '../models/catalogueContext.ts'
import { VariantSwitch } from './VariantSwitch.tsx'
import { variantOffers } from './variantOffers.ts'

export function FamilyRow() {
  const app = useApp()
  const { needs, surroundings, install, open } = useCatalogue()
  const models = useValue(app.models, (state) => state)
  const { records, jobs, machine, keepCheckpoints } = useStore(surroundings)
  const target = targetOf(machine)
  const offers = variantOffers({
    models,
    records,
    jobs,
    needsOf: (entry, format) => needs.needsNow(entry, { format, target }),
  })
  const families = familiesOf(models.installed)
  return (
    <div className="family-row">
      {families.length < 2 ? null : (
        <select
          className="family"
          aria-label={t('chat.variants.family')}
          value={familyOf(models)?.name ?? ''}
          onChange={({ currentTarget }) => chooseFamily(currentTarget.value).run(app)}
          onKeyDown={(event) => {
            // The arrow keys open it, so that no model is loaded in passing.
            if (event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
            event.preventDefault()
            event.currentTarget.showPicker()
          }}
        >
          {families.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      <VariantSwitch
        offers={offers}
        models={models}
        onChoose={(variant) => variantCommands[variant].run(app)}
        onDownload={({ entry, choice }) => {
          const fit = fitOfNeeds(needs.needsNow(entry, { format: usualFormat, target }), machine)
          if (!entry.isGated && (machine === null || fitsMachine(fit)))
            return void install(requestFor(choice, null, keepCheckpoints))
          open({ kind: 'family', id: catalogueFamilyOf(entry).id, variant: entry.id })
          app.navigation.showModels('browse')
        }}
        onShowDownloads={() => app.navigation.showModels('downloads')}
      />
    </div>
  )
}

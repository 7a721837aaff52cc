import type { switcher as english } from '../en/switcher.ts'
import type { Translated } from '../types.ts'

export const switcher: Translated<typeof english> = {
  title: 'Modell wechseln',
  list: 'Installierte Modelle',
  placeholder: 'Zu einem installierten Modell wechseln …',
  empty: 'Kein installiertes Modell heißt so.',
  inUse: 'in Gebrauch',
  loaded: 'geladen',
  doesNotFit: 'passt nicht',
  shorter_one: '{{title}} mit einem Kontext von {{count}} Token laden',
  shorter_other: '{{title}} mit einem Kontext von {{count}} Tokens laden',
  instead: 'Stattdessen {{title}} laden',
  unknown: 'Über diesen Computer ist noch nichts bekannt.',
  takes: 'Braucht {{memory}} Arbeitsspeicher.',
  takesAndWrites: 'Braucht {{memory}} Arbeitsspeicher, {{speed}}.',
  loads: 'lädt',
  closes: 'schließt',
}

import type { network as english } from '../en/network.ts'
import type { Translated } from '../types.ts'

export const network: Translated<typeof english> = {
  title: 'Netzprotokoll',
  lead: 'Das ist jede Anfrage, die Hearth je gesendet hat. Es gibt keine Telemetrie, keine Suche nach Updates und kein Konto: Ist diese Liste leer, hat nichts diesen Computer verlassen.',
  again: 'Neu lesen',
  empty: 'Es wurde nie eine Anfrage gesendet.',
  requests: 'Anfragen',
  columns: {
    time: 'Zeit',
    host: 'Rechner',
    purpose: 'Wofür',
    received: 'Empfangen',
    answer: 'Antwort',
    token: 'Token',
  },
  purposes: {
    contents: 'Inhalt einer Datei',
    question: 'eine Frage an den Hub',
    list: 'Dateiliste von {{repository}}',
    revision: 'was {{repository}} ist',
    search: 'Suche nach {{text}}',
    file: '{{file}} aus {{repository}}',
  },
  older: 'Ältere Anfragen',
  withToken: 'mitgesendet',
  withoutToken: 'nein',
  goesOn: 'läuft noch',
  none: 'keine',
  after: '{{answer}} nach {{duration}}',
  copy: 'Alle als CSV kopieren',
  reading: 'Alles wird gelesen …',
  copied_one: '{{count}} Anfrage kopiert.',
  copied_other: '{{count}} Anfragen kopiert.',
  notCopied: 'Das Kopieren ist nicht gelungen.',
}

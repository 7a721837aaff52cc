import type { problems as english } from '../en/problems.ts'
import type { Translated } from '../types.ts'

export const problems: Translated<typeof english> = {
  tryAgain: 'Noch einmal versuchen',
  openSettings: 'Optionen öffnen',
  showInstalled: 'Installierte Modelle zeigen',
  switchModel: 'Modell wechseln',
  crash: 'Hearth hat einen Fehler gemacht und kann nicht weiter: {{reason}} Hearth neu starten.',
  block: '{{file}}, Block {{block}}',
  'no-webgpu': {
    title: 'Dieses Fenster hat kein WebGPU',
    advice: 'Modelle laufen auf WebGPU. Den Grafiktreiber aktualisieren und Hearth neu starten.',
  },
  'no-adapter': {
    title: 'Kein Grafikadapter hat geantwortet',
    advice:
      'Weder eine Grafikkarte noch der Software-Adapter ließ sich benutzen. Programme schließen, die die Grafikkarte benutzen, ihren Treiber aktualisieren oder den Computer neu starten; dann noch einmal versuchen.',
  },
  'load-failed': {
    title: 'Das Modell konnte nicht geladen werden',
    advice: 'Der Text ist noch da. Ein neuer Versuch ist möglich.',
  },
  'too-long': {
    title: 'Die Nachricht ist länger, als das Modell lesen kann',
    advice_one: 'Sie hat {{count}} Token; etwa {{limit}} passen neben eine Antwort. Kürzen und noch einmal senden.',
    advice_other: 'Sie hat {{count}} Tokens; etwa {{limit}} passen neben eine Antwort. Kürzen und noch einmal senden.',
  },
  'context-full': {
    title: 'Der Kontext ist voll',
    advice_one:
      'Das Gespräch hat {{count}} Token; {{limit}} passen neben eine Antwort, und nichts sollte wegfallen. Die ältesten Beiträge vergessen lassen, eine kürzere Antwort verlangen oder einen neuen Chat beginnen.',
    advice_other:
      'Das Gespräch hat {{count}} Tokens; {{limit}} passen neben eine Antwort, und nichts sollte wegfallen. Die ältesten Beiträge vergessen lassen, eine kürzere Antwort verlangen oder einen neuen Chat beginnen.',
  },
  'not-a-number': {
    title: 'Das Modell hat Werte berechnet, die keine Zahlen sind',
    advice:
      'Es liegt an seinen Gewichten oder am Grafiktreiber, und weiterer Text wäre ohne Sinn. Der Text ist noch da. Die Dateien des Modells prüfen, den Grafiktreiber aktualisieren oder ein anderes Modell wählen.',
  },
  'bad-schema': {
    title: 'Das JSON-Schema ist nicht zu gebrauchen',
    advice: 'Es wurde nichts geschrieben. Das Schema berichtigen oder ausschalten.',
  },
  'write-failed': {
    title: 'Das Modell hat mit einem Fehler aufgehört',
    advice: 'Der Text ist noch da. Von hier aus geht es weiter.',
  },
  'device-lost': {
    title: 'Die Grafikeinheit fällt immer wieder aus',
    advice:
      'Sie ging in fünf Minuten dreimal verloren, darum versucht Hearth es nicht weiter. Der Text ist noch da. Programme schließen, die die Grafikkarte benutzen, dann noch einmal versuchen.',
  },
  'out-of-memory': {
    title: 'Der Grafikkarte fehlt Speicher',
    advice:
      'Das Modell braucht etwa {{need}}. Programme schließen, die die Grafikkarte nutzen, und es noch einmal versuchen, oder weniger nehmen: einen kürzeren Kontext oder ein kleineres Modell.',
  },
  'damaged-file': {
    title: 'Eine Datei des Modells ist beschädigt',
    advice:
      'Nichts davon wurde benutzt. Das Modell reparieren oder ein anderes wählen; die anderen sind nicht betroffen.',
  },
  'does-not-fit': {
    title: 'Das Modell passt nicht in den Arbeitsspeicher',
    titleBuffer: 'Ein Teil des Modells ist zu groß',
    advice: 'Es braucht {{need}}; {{have}} sind für Modelle da. Ein kleineres Modell der Familie passt vielleicht.',
    adviceShorter_one:
      'Es braucht {{need}}; {{have}} sind für Modelle da. Mit einem Kontext von {{count}} Token würde es passen.',
    adviceShorter_other:
      'Es braucht {{need}}; {{have}} sind für Modelle da. Mit einem Kontext von {{count}} Tokens würde es passen.',
    adviceBuffer:
      'Es braucht einen Puffer von {{need}}; dieser Grafikadapter nimmt höchstens {{have}}. Ein kleineres Modell der Familie geht vielleicht.',
  },
  'bad-name': {
    title: 'Das nennt kein Repository',
    advice:
      'Ein Repository wird als Herausgeber/Name geschrieben, zum Beispiel mosaicml/mpt-7b-chat, oder als Adresse seiner Seite eingefügt.',
  },
  missing: {
    title: 'Nicht vorhanden oder privat: {{what}}',
    advice:
      'Die Schreibweise prüfen. Für ein privates Repository wird in den Optionen ein Token mit Leserecht eingetragen.',
    repository: 'das Repository',
    revision: 'die Revision',
    file: 'die Datei',
  },
  gated: {
    title: 'Der Herausgeber verlangt erst Zustimmung',
    advice:
      'Am Hub anmelden, die Seite des Modells öffnen und dort seinen Bedingungen mit dem Konto des Tokens zustimmen; dann noch einmal versuchen. Manche Herausgeber sehen sich jede Anfrage an, das dauert.',
    adviceNoToken:
      'Am Hub anmelden, die Seite des Modells öffnen und dort seinen Bedingungen zustimmen. Dann in den Einstellungen des Hubs ein Token anlegen und es hier in die Optionen eintragen.',
  },
  disabled: {
    title: 'Der Hub hat dieses Repository gesperrt',
    advice: 'Vielleicht gibt es eine andere Kopie des Modells: nach seinem Namen suchen.',
  },
  'token-refused': {
    title: 'Der Hub lehnt das Token ab',
    advice:
      'Es ist falsch, abgelaufen oder darf dieses Repository nicht lesen. In den Optionen ein anderes eintragen oder es dort entfernen.',
  },
  'rate-limited': {
    title: 'Der Hub bittet um weniger Anfragen',
    advice: 'Einige Minuten warten und noch einmal versuchen. Ein Token in den Optionen hebt die Grenze an.',
    adviceUntil: 'Er antwortet wieder in {{time}}. Ein Token in den Optionen hebt die Grenze an.',
  },
  'link-expired': {
    title: 'Der Link zur Datei ist abgelaufen',
    advice: 'Ein neuer wird erbeten. Noch einmal versuchen.',
  },
  offline: {
    title: 'Keine Verbindung zu {{host}}',
    advice:
      'Das Netz prüfen; hinter einem Proxy dessen Adresse in den Optionen eintragen. Was heruntergeladen ist, bleibt, und installierte Modelle arbeiten weiter.',
  },
  server: {
    title: '{{host}} hat ein Problem',
    advice:
      'Die Antwort war ein Fehler von dort. In einigen Minuten noch einmal versuchen; was heruntergeladen ist, bleibt.',
    detail: '{{host}} hat {{status}} geantwortet',
  },
  changed: {
    title: 'Der Herausgeber hat die Dateien inzwischen geändert',
    advice:
      'Dateien zweier Versionen werden nie gemischt. Noch einmal versuchen, um die neueste Version ganz zu bekommen.',
  },
  unexpected: {
    title: '{{host}} hat geantwortet, wie kein Hub antwortet',
    advice:
      'Oft ist das die Anmeldeseite eines Netzes: irgendeine Seite im Browser öffnen und sich anmelden. Sonst die Adresse des Hubs in den Optionen prüfen.',
  },
  'switched-off': {
    title: 'Der Offline-Modus ist an',
    advice:
      'Hearth sendet nichts, solange er an ist. In den Optionen ausschalten, um Repositorys anzusehen und herunterzuladen; alles auf diesem Computer geht ohne Netz.',
  },
  'wrong-bytes': {
    title: 'Eine Datei ist nicht, was sie sein soll',
    advice:
      'Ihre Bytes haben nicht die erwartete Prüfsumme, darum wird sie nicht benutzt. Das Reparieren holt nur, was falsch ist.',
    detail: '{{file}}: erwartet {{expected}}, bekommen {{actual}}',
  },
  'disk-full': {
    title: 'Auf dem Datenträger ist zu wenig Platz',
    advice:
      '{{need}} werden gebraucht, {{free}} sind frei. Nicht mehr benutzte Modelle löschen oder den Modellordner auf einen anderen Datenträger verschieben.',
  },
  'store-in-use': {
    title: 'Ein anderes Hearth benutzt den Modellordner',
    advice: 'Es schließen oder warten, bis es fertig ist; dann noch einmal versuchen.',
  },
  'store-unusable': {
    title: 'Der Modellordner ist nicht zu gebrauchen',
    advice:
      'Er lässt sich nicht lesen oder beschreiben, oder ein neueres Hearth hat ihn angelegt. Den Ordner in den Optionen prüfen.',
  },
  'not-installed': {
    title: 'Das ist nicht mehr da',
    advice: 'Vielleicht wurde es gelöscht oder verschoben. Neu auswählen.',
  },
  'does-not-compile': {
    title: 'Hearth kann das nicht kompilieren',
    advice:
      'Seine Dateien sind von keiner Art, die Hearth versteht. Eine andere Version des Modells ist es vielleicht.',
  },
  'already-installed': {
    title: 'Es ist schon installiert',
    advice: 'Es steht unter den installierten Modellen.',
  },
  'stopped-itself': {
    title: 'Die Arbeit hat von selbst aufgehört',
    advice:
      'Oft war der Arbeitsspeicher knapp. Andere Programme schließen und noch einmal versuchen; was heruntergeladen ist, bleibt.',
  },
  'chats-read-only': {
    title: 'Chats lassen sich lesen, nicht ändern',
    advice:
      'Ein neueres Hearth hat sie geschrieben. Hier lesen und exportieren; zum Schreiben das neuere Hearth starten.',
  },
  'chats-unusable': {
    title: 'Chats lassen sich weder lesen noch schreiben',
    advice:
      'Prüfen, ob der Datenträger da ist und Hearth in seinen Datenordner schreiben darf; dann noch einmal versuchen.',
  },
  'chats-damaged': {
    title: 'Die Datei mit den Chats war beschädigt',
    advice:
      'Sie wurde beiseitegelegt, und alles, was zu retten war, ist wieder da. Nachsehen, ob die neuesten Nachrichten da sind; dann noch einmal versuchen.',
  },
  'chats-in-use': {
    title: 'Ein anderes Hearth hat die Chats geöffnet',
    advice: 'Es schließen; dann noch einmal versuchen.',
  },
  'chats-gone': {
    title: 'Nicht mehr da: {{what}}',
    advice: 'Das wurde inzwischen entfernt.',
    chat: 'dieser Chat',
    message: 'diese Nachricht',
    folder: 'dieser Ordner',
    entry: 'dieser Eintrag',
  },
  'chats-conflict': {
    title: 'Diese Nachricht lautet auf dem Datenträger anders',
    advice: 'Nichts wurde überschrieben. Den Chat neu öffnen, um zu sehen, was behalten wurde.',
  },
  'no-chats-in-file': {
    title: 'In dieser Datei wurden keine Chats gefunden',
    advice:
      'Hearth liest die conversations.json eines ChatGPT-Exports und die eigenen Exporte. Ein Archiv zuerst entpacken.',
    noFile: 'Das ist keine Datei.',
    tooLarge: 'Sie ist größer als {{most}}.',
    notReadable: 'Sie lässt sich nicht lesen ({{cause}}).',
  },
  'not-saved': {
    title: 'Die Datei wurde nicht gespeichert',
    advice: 'Einen anderen Ordner wählen: Dieser ist nicht beschreibbar, oder sein Datenträger ist voll.',
  },
  mistake: {
    title: 'In Hearth ist etwas schiefgegangen',
    advice: 'Nichts wurde geändert. Noch einmal versuchen; geschieht es wieder, Hearth neu starten.',
  },
}

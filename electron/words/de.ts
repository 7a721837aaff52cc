// German; words of the systems themselves where they have one.
import type { MainWords } from './words.ts'

export const de: MainWords = {
  menu: {
    file: '&Datei',
    edit: '&Bearbeiten',
    view: '&Ansicht',
    window: 'Fenster',
    about: 'Über Hearth',
    services: 'Dienste',
    hide: 'Hearth ausblenden',
    hideOthers: 'Andere ausblenden',
    unhide: 'Alle einblenden',
    quit: 'Hearth beenden',
    close: 'Fenster schließen',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    selectAll: 'Alles auswählen',
    reload: 'Neu laden',
    resetZoom: 'Originalgröße',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    fullScreen: 'Vollbild',
    developerTools: 'Entwicklerwerkzeuge',
    minimize: 'Minimieren',
    zoom: 'Fenster zoomen',
    front: 'Alle nach vorne bringen',
  },
  choose: {
    modelsFolder: 'Wo Modelle liegen sollen',
    modelFolder: 'Ein Ordner mit einem Modell',
    chats: 'Eine Datei mit Chats',
    save: 'Speichern unter',
  },
  kinds: { md: 'Markdown', html: 'HTML', json: 'JSON' },
  link: {
    question: (host) => `Eine Seite von ${host} öffnen?`,
    warning:
      'Die Verbindung dorthin ist nicht verschlüsselt: Was gesendet und empfangen wird, lässt sich unterwegs lesen und ändern.',
    open: 'Im Browser öffnen',
    cancel: 'Abbrechen',
  },
  crash: {
    title: 'Die Seite ist immer wieder abgestürzt',
    detail: (reason) => `Ihr Prozess endete in fünf Minuten viermal, zuletzt aus diesem Grund: ${reason}.`,
    again: 'Erneut versuchen',
    quit: 'Beenden',
  },
  start: {
    title: 'Hearth startet nicht',
    failed: (reason) => `Hearth konnte nicht starten: ${reason}`,
    folder: (reason) => `Hearth kann nicht in seinen Datenordner schreiben: ${reason}`,
    bridge: (reason) => `Die Brücke zwischen der Seite und Hearth wurde nicht geladen: ${reason}`,
    sandbox:
      'Hearth startet nicht ohne seine Sandbox und wurde mit --no-sandbox aufgerufen. Das AppImage fügt das auf Systemen, die gewöhnlichen Programmen keine Benutzer-Namensräume erlauben, von selbst hinzu: ' +
      'Dort das .deb-Paket installieren oder sie erlauben (sysctl kernel.apparmor_restrict_unprivileged_userns=0).',
  },
}

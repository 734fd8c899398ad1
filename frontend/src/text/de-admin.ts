// Die Texte für Verwalter auf Deutsch.
import type { admin as en } from './en-admin';

export const admin: typeof en = {
  lead: 'Was Besucher in den letzten 90 Tagen gemeldet haben. Eine Meldung ändert nichts an ihrem Link: Sperren Sie ihn, oder entfernen Sie die Meldung.',
  none: 'Nichts ist gemeldet',
  noneText: 'Besucher können einen Link auf seiner Vorschau melden. Ihre Adresse ist die des Links mit einem + am Ende.',
  reasons: { phishing: 'Phishing', malware: 'Schadsoftware', spam: 'Spam', illegal: 'Rechtswidrig', other: 'Etwas anderes' },
  at: (when) => `gemeldet ${when}`,
  owner: (name) => `von ${name}`,
  gone: 'Diesen Link gibt es endgültig nicht mehr.',
  takeDown: 'Sperren',
  takeDownOf: (link) => `${link} sperren`,
  putBack: 'Freigeben',
  putBackOf: (link) => `${link} freigeben`,
  isDown: (link) => `${link} ist gesperrt.`,
  isBack: (link) => `${link} führt wieder zu seiner Adresse.`,
  done: 'Meldung entfernen',
  doneOf: (link) => `Meldung über ${link} entfernen`,
  removed: 'Die Meldung ist entfernt.',
  byCode: 'Einen Link sperren oder freigeben',
  code: 'Alias oder Kurzlink',
  noCode: 'Bitte geben Sie den Alias oder die Adresse eines Kurzlinks ein.',
  reason: 'Grund',
  reasonHint: 'Besucher lesen ihn.',
  noReason: 'Bitte nennen Sie einen Grund.',
};

import { signal } from '@preact/signals';
import type { Link } from './draft';

/** The open dialog of a link. */
export const opened = signal<{ dialog: 'qr' | 'edit' | 'history' | 'free'; link: Link } | undefined>(undefined);

export const open = (dialog: 'qr' | 'edit' | 'history' | 'free', link: Link): void => { opened.value = { dialog, link }; };
export const close = (): void => { opened.value = undefined; };

import type { Text } from './en';
import { en } from './en';
export const de: Text = en;

import type { ComponentType } from 'preact';

/** A part of the site: its entry in the navigation, and its pages. */
export interface Feature {
  href: string;
  label: () => string;
  /** It is visible to callers with one of these scopes; without scopes, to everybody who is signed in. */
  scopes: string[];
  /** Whether it is visible at all, by default always. */
  shown?: () => boolean;
  /** The letter of its shortcut, after g. */
  key?: string;
  /** Its own shortcuts and their descriptions. */
  shortcuts?: () => [key: string, what: string][];
  /** Whether it is in the bar at the bottom of narrow windows. */
  tab: boolean;
  pages: { pattern: string; page: ComponentType<Record<string, string>> }[];
}

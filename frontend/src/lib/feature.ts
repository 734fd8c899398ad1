import type { ComponentType } from 'preact';

/** A part of the site: its entry in the navigation, and its pages. */
export interface Feature {
  href: string;
  label: () => string;
  /** The scopes of which one is needed to see it; none for anybody who is signed in. */
  scopes: string[];
  /** The letter that goes to it, after g. */
  key?: string;
  /** Its own shortcuts, with what they do. */
  shortcuts?: () => [key: string, what: string][];
  /** Whether it is in the bar at the bottom of narrow windows. */
  tab: boolean;
  pages: { pattern: string; page: ComponentType<Record<string, string>> }[];
}

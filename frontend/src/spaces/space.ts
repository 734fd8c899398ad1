import { keepSpace, type Schemas } from '../lib/client';
import { start } from '../features';

/** A space with its members and, for its admins, its pending invitations. */
export type Space = Schemas['Space'];

export type Role = Schemas['SpaceRole'];

export const roles: Role[] = ['viewer', 'editor', 'admin'];

/** Shows the links, images, reports and keys of a space from now on. */
export function enter({ id, name, personal }: Pick<Space, 'id' | 'name' | 'personal'>): void {
  keepSpace(personal ? '' : id, name);
  location.assign(start);
}

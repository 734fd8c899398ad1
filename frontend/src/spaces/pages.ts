// The pages of the spaces, which are loaded together.
export { InvitationPage } from './invitation-page';
export { SpacePage } from './space-page';
export { SpacesPage } from './spaces-page';

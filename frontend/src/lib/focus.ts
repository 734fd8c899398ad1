/** Moves the focus away from a list item that is about to disappear: to its neighbour, or else to the page's heading. */
export function leaveItem(inside: Element): void {
  const item = inside.closest('li');
  const near = item?.nextElementSibling ?? item?.previousElementSibling;
  const target = near?.querySelector<HTMLElement>('a, button, input');
  if (target) target.focus();
  else toHeading();
}

/** Moves the focus to the page's heading. */
export function toHeading(): void {
  document.querySelector<HTMLElement>('main h1')?.focus();
}

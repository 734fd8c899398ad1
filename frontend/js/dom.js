// The little that the page needs beside the browser's own DOM.

/** @returns {HTMLElement} the element with the id. */
export const $ = (id) => document.getElementById(id);

/** Makes an element: make('a', {href, class: 'short'}, 'text', child…). Text is never parsed as HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Runs a form's action with its button disabled, and shows what goes wrong where `error` says. */
export function onSubmit(form, error, action) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button[type=submit]');
    button.disabled = true;
    error.textContent = '';
    try {
      await action();
    } catch (failure) {
      error.textContent = failure.message;
    } finally {
      button.disabled = false;
    }
  });
}

/** Calls `task` every `milliseconds` while the page is visible, one call at a time. */
export function whileVisible(milliseconds, task) {
  let running = false;
  setInterval(async () => {
    if (document.hidden || running) return;
    running = true;
    try {
      await task();
    } catch {
      // The next turn tries again; the forms tell what is wrong.
    } finally {
      running = false;
    }
  }, milliseconds);
}

// Lists the reports, opens one, and asks for today's.

import { call } from './api.js';
import { $, make } from './dom.js';

const POLL = 700; // milliseconds
const POLLS = 30; // then we stop waiting for a report

/** Starts the section; call it once. */
export function startReports() {
  $('report-now').addEventListener('click', async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    $('report-error').textContent = '';
    $('report-status').textContent = 'Writing…';
    try {
      await writeToday();
      $('report-status').textContent = 'Today’s report is written.';
    } catch (failure) {
      $('report-status').textContent = '';
      $('report-error').textContent = failure.message;
    } finally {
      button.disabled = false;
    }
  });
}

/** Shows the newest reports. */
export async function listReports() {
  const page = await call('GET', '/api/reports?limit=10');
  $('reports').replaceChildren(...page.items.map((report) => make('li', {},
    make('a', { href: `/api/reports/${report.id}`, onclick: (event) => open(event, report) }, `${report.period}, ${report.date}`))));
  $('no-reports').hidden = page.items.length > 0;
  return page.items;
}

async function writeToday() {
  const date = new Date().toISOString().slice(0, 10);
  const before = await listReports();
  const old = before.find((report) => report.date === date)?.createdAt;
  await call('POST', '/api/reports', { period: 'daily', date });
  for (let look = 0; look < POLLS; look++) {
    await new Promise((resolve) => setTimeout(resolve, POLL));
    const found = (await listReports()).find((report) => report.date === date);
    if (found && found.createdAt !== old) return;
  }
  throw new Error('The report takes longer than usual. It will appear here when it is done.');
}

// The API wants the key in a header, which a plain link cannot send: the report's JSON holds a link that
// is good for a few minutes. The window opens at once, or the browser would take it for a pop-up.
async function open(event, report) {
  event.preventDefault();
  const tab = window.open('', '_blank');
  try {
    const { urls } = await call('GET', `/api/reports/${report.id}`);
    tab.opener = null;
    tab.location = urls.html;
  } catch (failure) {
    tab?.close();
    $('report-error').textContent = failure.message;
  }
}

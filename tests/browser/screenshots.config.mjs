// make screenshots: renders every page with the demo data.
import base from './playwright.config.mjs';

export default { ...base, testMatch: 'screenshots.mjs', outputDir: '../../test-results', projects: base.projects.filter(({ name }) => name === 'desktop') };

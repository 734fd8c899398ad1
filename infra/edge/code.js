'use strict';
// The CloudFront Functions' source, as text for the template: a .js file named in
// the template itself would be run, not read.
const fs = require('fs');
const path = require('path');

module.exports = { router: fs.readFileSync(path.join(__dirname, 'router.js'), 'utf8') };

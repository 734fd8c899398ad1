'use strict';
// The CloudFront Functions' source, as text for the template: a .js file named in
// the template itself would be run, not read.
const fs = require('fs');
const path = require('path');

const read = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8');
module.exports = { router: read('router.js'), session: read('session.js'), visitor: read('visitor.js') };

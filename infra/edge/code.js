'use strict';
// The source of the CloudFront Functions as text: osls would run a .js file that
// the template names directly.
const fs = require('fs');
const path = require('path');

const read = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8');
module.exports = { router: read('router.js'), session: read('session.js'), visitor: read('visitor.js') };

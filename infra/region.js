'use strict';
// CloudFront takes certificates, firewalls and log deliveries from us-east-1 alone. A stack there has its own;
// for one in another region they are in a second stack (us-east-1.js).

/** Reports whether the stack is in CloudFront's region. */
const here = async (resolveVariable) => await resolveVariable('self:provider.region') === 'us-east-1';

/** The ARN of what the second stack has made, which make deploy passes on. */
const elsewhere = (variable) => {
  const arn = process.env[variable];
  if (!arn) throw new Error(`${variable} is not set: this stage needs something from us-east-1, which make deploy makes and names there (docs/deploy.md)`);
  return arn;
};

module.exports = { here, elsewhere };

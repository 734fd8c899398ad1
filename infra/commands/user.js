'use strict';
// Creates the first user of the local cloud, and writes a one-time link to a file that signs in as that user:
//
//     node infra/commands/user.js EMAIL SITE FILE
const { randomBytes } = require('crypto');
const fs = require('fs');

const { AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, AWS_REGION } = process.env;
// The local cloud recognizes its operator by the access key.
const headers = { Authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/20260101/${AWS_REGION}/x/aws4_request, SignedHeaders=host, Signature=x` };

/** The ID of the stack's user pool, undefined if it has none. */
async function pool() {
  const answer = await fetch(AWS_ENDPOINT_URL, { method: 'POST', headers, body: new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15' }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return /<OutputKey>UserPoolIssuer<\/OutputKey>\s*<OutputValue>[^<]*\/([^</]+)<\/OutputValue>/.exec(text)?.[1];
}

async function call(target, body) {
  const answer = await fetch(AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER, {
    method: 'POST', headers: { ...headers, 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': target }, body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target}: ${text}`);
  return text && JSON.parse(text);
}

async function main(email, site, file) {
  const UserPoolId = await pool();
  let link = `${site} (the stage has no users)`;
  if (UserPoolId) {
    const user = { UserPoolId, Username: email };
    try {
      await call('AWSCognitoIdentityProviderService.AdminCreateUser', {
        ...user, MessageAction: 'SUPPRESS', UserAttributes: [{ Name: 'email', Value: email }, { Name: 'email_verified', Value: 'true' }],
      });
      await call('AWSCognitoIdentityProviderService.AdminSetUserPassword', { ...user, Password: randomBytes(24).toString('base64url'), Permanent: true });
    } catch (e) {
      if (!e.message.includes('UsernameExistsException')) throw e;
    }
    ({ Link: link } = await call('LocalCloud.SignInLink', { ...user, Location: `${site}/api/session/new?to=/app/` }));
  }
  fs.writeFileSync(file, `${link}\n`, { mode: 0o600 });
}

main(...process.argv.slice(2)).catch((e) => {
  console.error(`user: ${e.message}`);
  process.exit(1);
});

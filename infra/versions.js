'use strict';
// On stages that require it, buckets keep a replaced or deleted object if nothing else can
// make it again: originals of images, and reports (docs/decisions/data.md). infra/buckets.yml
// sets for how long.
const bucket = { Properties: { VersioningConfiguration: { Status: 'Enabled' } } };

module.exports = async ({ resolveVariable }) => {
  const { versions } = await resolveVariable('self:custom.stage');
  return versions ? { extensions: { S3BucketUploads: bucket }, Resources: { ReportsBucket: { Type: 'AWS::S3::Bucket', ...bucket } } } : { Resources: {} };
};

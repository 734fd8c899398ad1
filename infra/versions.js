'use strict';
// Where the stage says so, buckets keep what was replaced or deleted in them, if nothing else can
// make it again: originals of images, and reports (docs/decisions/data.md). How long they keep it is
// in infra/buckets.yml.
const bucket = { Properties: { VersioningConfiguration: { Status: 'Enabled' } } };

module.exports = async ({ resolveVariable }) => {
  const { versions } = await resolveVariable('self:custom.stage');
  return versions ? { extensions: { S3BucketUploads: bucket }, Resources: { ReportsBucket: { Type: 'AWS::S3::Bucket', ...bucket } } } : { Resources: {} };
};

package objectkeys_test

import "os/exec"

const python = `
import sys, boto3
s3 = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="local", aws_secret_access_key="local")
keys = ["/x", "a", "a/../b", "a/b", "a//b", "ü/ +&", "y" * 300]
for key in keys:
    s3.put_object(Bucket="python", Key=key, Body=key.encode())
    assert s3.get_object(Bucket="python", Key=key)["Body"].read() == key.encode(), key
listed = [o["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket="python", PaginationConfig={"PageSize": 2}) for o in page["Contents"]]
assert listed == sorted(keys, key=str.encode), listed
s3.copy_object(Bucket="python", Key="copy//", CopySource={"Bucket": "python", "Key": "a//b"})
s3.delete_objects(Bucket="python", Delete={"Objects": [{"Key": k} for k in keys]})
left = [o["Key"] for o in s3.list_objects(Bucket="python")["Contents"]]
assert left == ["copy//"], left
print("ok")
`

// testPython uses the SDK for Python.
func testPython(s store) {
	if exec.Command("python3", "-c", "import boto3").Run() != nil {
		s.t.Skip("NOT TESTED: boto3 is not installed (pip install boto3)")
	}
	got, err := exec.CommandContext(s.t.Context(), "python3", "-c", python, s.url).CombinedOutput()
	if err != nil || string(got) != "ok\n" {
		s.t.Errorf("%v\n%s", err, got)
	}
}

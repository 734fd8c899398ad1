package guard

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/minim-dev/minim/infra/local/iam"
)

// parameter reports whether a query parameter is a plain parameter. Other names are
// subresources, which change the action.
func parameter(name string) bool {
	if strings.HasPrefix(strings.ToLower(name), "x-amz-") || strings.HasPrefix(name, "response-") {
		return true
	}
	switch name {
	case "x-id", "prefix", "delimiter", "marker", "max-keys", "list-type", "continuation-token", "start-after", "encoding-type", "fetch-owner",
		"key-marker", "version-id-marker", "upload-id-marker", "max-uploads", "max-parts", "max-buckets", "part-number-marker", "partNumber", "versionId":
		return true
	}
	return false
}

// operation returns the action of a request, or "" if it is unknown.
func operation(method, part, sub string) string {
	switch part + " " + sub {
	case "object ":
		return byMethod(method, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
	case "object uploads":
		return byMethod(method, "", "", "", "s3:PutObject")
	case "object uploadId":
		return byMethod(method, "s3:ListMultipartUploadParts", "s3:PutObject", "s3:AbortMultipartUpload", "s3:PutObject")
	case "object tagging":
		return byMethod(method, "s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging")
	case "object acl":
		return byMethod(method, "s3:GetObjectAcl", "s3:PutObjectAcl", "")
	case "object attributes":
		return byMethod(method, "s3:GetObjectAttributes", "", "")
	case "object retention":
		return byMethod(method, "s3:GetObjectRetention", "s3:PutObjectRetention", "")
	case "object legal-hold":
		return byMethod(method, "s3:GetObjectLegalHold", "s3:PutObjectLegalHold", "")
	case "bucket ":
		return byMethod(method, "s3:ListBucket", "s3:CreateBucket", "s3:DeleteBucket")
	case "bucket versions":
		return byMethod(method, "s3:ListBucketVersions", "", "")
	case "bucket uploads":
		return byMethod(method, "s3:ListBucketMultipartUploads", "", "")
	case "bucket location":
		return byMethod(method, "s3:GetBucketLocation", "", "")
	case "bucket versioning":
		return byMethod(method, "s3:GetBucketVersioning", "s3:PutBucketVersioning", "")
	case "bucket tagging":
		return byMethod(method, "s3:GetBucketTagging", "s3:PutBucketTagging", "s3:PutBucketTagging")
	case "bucket cors":
		return byMethod(method, "s3:GetBucketCORS", "s3:PutBucketCORS", "s3:PutBucketCORS")
	case "bucket policy":
		return byMethod(method, "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
	}
	return ""
}

// byMethod returns the action for a method, from those for GET and HEAD, PUT, DELETE and POST.
func byMethod(method string, actions ...string) string {
	at := map[string]int{http.MethodGet: 0, http.MethodHead: 0, http.MethodPut: 1, http.MethodDelete: 2, http.MethodPost: 3}
	if i, ok := at[method]; ok && i < len(actions) {
		return actions[i]
	}
	return ""
}

// hide replaces a 404 with a 403 if the caller may not list the bucket. Otherwise callers
// could find out which objects exist.
func (g *Guard) hide(response *http.Response) error {
	r := response.Request
	c, ok := r.Context().Value(callerKey{}).(*caller)
	t := aim(r)
	if !ok || response.StatusCode != http.StatusNotFound || t.part != "object" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil
	}
	x := g.check(c, []iam.Request{{Action: "s3:ListBucket", Resource: bucketARN + t.bucket}})
	if x == nil {
		return nil
	}
	response.Body.Close()
	text := xmlError{Code: "AccessDenied", Message: x.sentence(x.action, `"`+x.resource+`"`)}.text()
	response.StatusCode, response.Status = http.StatusForbidden, "403 Forbidden"
	response.Header.Set("Content-Type", "application/xml")
	response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	response.ContentLength, response.Body = int64(len(text)), io.NopCloser(bytes.NewReader(text))
	if r.Method == http.MethodHead {
		response.Body = http.NoBody
	}
	return nil
}

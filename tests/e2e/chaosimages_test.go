package e2e

import (
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// checkImages compares the files that the images name with the stored ones: none may
// be missing or left over. It returns the number of contents.
func (c *chaos) checkImages() (contents int) {
	used, folders := map[string]bool{}, map[string]bool{}
	for _, id := range c.uploaded {
		var image struct {
			Variants []struct{ URL string }
		}
		c.api(http.MethodGet, "/api/images/"+id, "", &image)
		if len(image.Variants) == 0 {
			c.t.Errorf("image %s has no variants", id)
		}
		for _, variant := range image.Variants {
			where, err := url.Parse(variant.URL)
			if err != nil {
				c.t.Error(err)
				continue
			}
			used[strings.TrimPrefix(where.Path, "/")] = true
			folders[path.Dir(where.Path)] = true
		}
	}
	stored := c.objects("minim-local-images-000000000000")
	for _, key := range slices.Sorted(maps.Keys(used)) {
		if !stored[key] {
			c.t.Errorf("%s is missing, but an image names it", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(stored)) {
		if !used[key] {
			c.t.Errorf("%s is left over: no image names it", key)
		}
	}
	return len(folders)
}

// objects lists the keys in a bucket.
func (c *chaos) objects(bucket string) map[string]bool {
	endpoints := c.endpoints()
	client := s3.New(s3.Options{Region: endpoints["AWS_REGION"], BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_S3"]), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(endpoints["AWS_ACCESS_KEY_ID"], endpoints["AWS_SECRET_ACCESS_KEY"], "")})
	found := map[string]bool{}
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		for _, object := range page.Contents {
			found[*object.Key] = true
		}
	}
	return found
}

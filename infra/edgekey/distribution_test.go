package edgekey

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// TestDistribution: Send changes the key in the current configuration and nothing else.
func TestDistribution(t *testing.T) {
	const config = `<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>c</CallerReference><Comment>minim-dev, edge key v1</Comment>` +
		`<DefaultCacheBehavior><TargetOriginId>api</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy></DefaultCacheBehavior><Enabled>true</Enabled>` +
		`<Origins><Quantity>2</Quantity><Items><Origin><Id>site</Id><DomainName>site.example.com</DomainName></Origin>` +
		`<Origin><Id>api</Id><DomainName>api.example.com</DomainName><CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader>` +
		`<HeaderName>X-Origin-Key</HeaderName><HeaderValue>%s</HeaderValue></OriginCustomHeader></Items></CustomHeaders></Origin></Items></Origins></DistributionConfig>`
	key, changes := "old", 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		current := fmt.Sprintf(config, key)
		switch r.Method + " " + r.URL.Path {
		case "POST /":
			answer := `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>minim-dev</StackName><StackStatus>UPDATE_COMPLETE</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
			if r.FormValue("Action") == "ListStackResources" {
				answer = `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>Distribution</LogicalResourceId>` +
					`<PhysicalResourceId>E1</PhysicalResourceId><ResourceStatus>UPDATE_COMPLETE</ResourceStatus></member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`
			}
			_, _ = io.WriteString(w, answer)
		case "GET /2020-05-31/distribution/E1":
			_, _ = io.WriteString(w, `<Distribution><Id>E1</Id><Status>Deployed</Status>`+current+`</Distribution>`)
		case "GET /2020-05-31/distribution/E1/config":
			w.Header().Set("ETag", "version-7")
			_, _ = io.WriteString(w, current)
		case "PUT /2020-05-31/distribution/E1/config":
			got, _ := io.ReadAll(r.Body)
			want := regexp.MustCompile(`<[^>]+>[^<]+`).FindAllString(strings.Replace(current, ">old<", ">new<", 1), -1)
			for _, each := range want {
				if name, value, _ := strings.Cut(each, ">"); !strings.Contains(string(got), strings.Fields(name)[0]+">"+value) {
					t.Errorf("the change has no %s:\n%s", each, got)
				}
			}
			if r.Header.Get("If-Match") != "version-7" {
				t.Errorf("the change is of %q", r.Header.Get("If-Match"))
			}
			key = regexp.MustCompile(`<HeaderValue>(.*)</HeaderValue>`).FindStringSubmatch(string(got))[1]
			changes++
			_, _ = io.WriteString(w, `<Distribution><Id>E1</Id></Distribution>`)
		default:
			t.Errorf("%s %s", r.Method, r.URL)
		}
	}))
	defer server.Close()
	d := distribution{aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "minim-dev"}
	if got, err := d.Sends(t.Context()); err != nil || got != "old" {
		t.Fatalf("it sends %q, %v", got, err)
	}
	if err := d.Send(t.Context(), "new"); err != nil || changes != 1 {
		t.Fatalf("%d changes, %v", changes, err)
	}
	if got, err := d.Sends(t.Context()); err != nil || got != "new" {
		t.Errorf("it sends %q, %v", got, err)
	}
}

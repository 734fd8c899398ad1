package deploy

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/minim-dev/minim/shared/edge"
	"github.com/minim-dev/minim/shared/secret"
)

// stage looks at what a stage has in an account.
type stage struct {
	*testing.T
	name      string
	stacks    *cloudformation.Client
	functions *lambda.Client
	store     *s3.Client
	tables    *dynamodb.Client
	secrets   *secretsmanager.Client
	keys      *secret.Secrets
	edges     *cloudfront.Client
	config    aws.Config
}

func (a *account) stage(name string) *stage {
	cfg := a.config()
	return &stage{
		a.t, name, cloudformation.NewFromConfig(cfg), lambda.NewFromConfig(cfg), s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }),
		dynamodb.NewFromConfig(cfg), secretsmanager.NewFromConfig(cfg), secret.New(cfg), cloudfront.NewFromConfig(cfg), cfg,
	}
}

// must is the answer of a call that has to succeed.
func must[T any](answer T, err error) func(*stage) T {
	return func(s *stage) T {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
		return answer
	}
}

// resources are those of the stack, by their names in the template, once it is complete.
func (s *stage) resources() map[string]types.StackResourceSummary {
	s.Helper()
	found := map[string]types.StackResourceSummary{}
	pages := cloudformation.NewListStackResourcesPaginator(s.stacks, &cloudformation.ListStackResourcesInput{StackName: aws.String("minim-" + s.name)})
	for pages.HasMorePages() {
		for _, r := range must(pages.NextPage(s.Context()))(s).StackResourceSummaries {
			if r.ResourceStatus != types.ResourceStatusCreateComplete && r.ResourceStatus != types.ResourceStatusUpdateComplete {
				s.Errorf("%s is %s", *r.LogicalResourceId, r.ResourceStatus)
			}
			found[*r.LogicalResourceId] = r
		}
	}
	return found
}

// template is what was deployed: resources and their types.
func (s *stage) template() map[string]struct{ Type, Condition string } {
	s.Helper()
	got := must(s.stacks.GetTemplate(s.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("minim-" + s.name)}))(s)
	var document struct {
		Resources map[string]struct{ Type, Condition string }
	}
	if err := json.Unmarshal([]byte(*got.TemplateBody), &document); err != nil {
		s.Fatal(err)
	}
	return document.Resources
}

// ids are those resources' ids.
func (s *stage) ids() map[string]string {
	s.Helper()
	found := map[string]string{}
	for name, r := range s.resources() {
		found[name] = aws.ToString(r.PhysicalResourceId)
	}
	return found
}

// code is the hash of each function's code.
func (s *stage) code() map[string]string {
	s.Helper()
	found := map[string]string{}
	pages := lambda.NewListFunctionsPaginator(s.functions, &lambda.ListFunctionsInput{})
	for pages.HasMorePages() {
		for _, f := range must(pages.NextPage(s.Context()))(s).Functions {
			found[strings.TrimPrefix(*f.FunctionName, "minim-"+s.name+"-")] = *f.CodeSha256
		}
	}
	return found
}

// sent is the key that the edge sends to the API, and accepted are those that authorize would let in.
func (s *stage) sent() (sent string, accepted edge.Keys) {
	s.Helper()
	id := s.ids()["Distribution"]
	for _, origin := range must(s.edges.GetDistributionConfig(s.Context(), &cloudfront.GetDistributionConfigInput{Id: &id}))(s).DistributionConfig.Origins.Items {
		if *origin.Id != "api" {
			continue
		}
		for _, header := range origin.CustomHeaders.Items {
			if *header.HeaderName == edge.Header {
				sent = *header.HeaderValue
			}
		}
	}
	value, _, err := s.keys.Read(s.Context(), "minim-"+s.name+"-edge-key")
	if err != nil {
		s.Fatal(err)
	}
	return sent, must(edge.Parse(value))(s)
}

// site is the version of the page that visitors get, by what the page is marked with
// and by the files that it names.
func (s *stage) site() string {
	s.Helper()
	page := must(s.store.GetObject(s.Context(), &s3.GetObjectInput{Bucket: aws.String(s.bucket("site")), Key: aws.String("app/index.html")}))(s)
	defer page.Body.Close()
	version := page.Metadata["release"]
	if text := must(io.ReadAll(page.Body))(s); !strings.Contains(string(text), "/app/releases/"+version+"/") {
		s.Errorf("the page of %s names files of another release", version)
	}
	return version
}

// bucket is the name of one of the stage's buckets.
func (s *stage) bucket(name string) string { return "minim-" + s.name + "-" + name + "-123456789012" }

// change gives a function other code for the time of the test: its zip gets a comment.
func change(t *testing.T, function string) {
	t.Helper()
	path := filepath.Join(root, "build", function+".zip")
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(data []byte) error {
		if err := os.WriteFile(path+".new", data, 0o644); err != nil {
			return err
		}
		return os.Rename(path+".new", path)
	}
	const comment = "changed"
	t.Cleanup(func() {
		if err := put(was); err != nil {
			t.Error(err)
		}
	})
	end := len(was) - 2 // the length of the comment, which is the end of a zip without one
	if err := put(append(append(was[:end:end], byte(len(comment)), 0), comment...)); err != nil {
		t.Fatal(err)
	}
}

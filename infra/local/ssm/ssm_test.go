package ssm

import (
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsssm "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(Options{Region: "us-east-1", Account: "000000000000", Path: path})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func client(t *testing.T, s *Store) *awsssm.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return awsssm.New(awsssm.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		Retryer: aws.NopRetryer{},
	})
}

func put(t *testing.T, c *awsssm.Client, name, value string, kind types.ParameterType) {
	t.Helper()
	if _, err := c.PutParameter(t.Context(), &awsssm.PutParameterInput{Name: &name, Value: &value, Type: kind}); err != nil {
		t.Fatal(err)
	}
}

// TestLife puts, reads, changes and deletes parameters, with a restart.
func TestLife(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	c := client(t, open(t, path))
	put(t, c, "/minim/greeting", "hello", types.ParameterTypeString)
	put(t, c, "/minim/deep/list", "a,b", types.ParameterTypeStringList)
	put(t, c, "password", "swordfish", types.ParameterTypeSecureString)
	second, err := c.PutParameter(t.Context(), &awsssm.PutParameterInput{Name: aws.String("/minim/greeting"), Value: aws.String("good day"), Overwrite: aws.Bool(true)})
	if err != nil || second.Version != 2 || second.Tier != types.ParameterTierStandard {
		t.Errorf("the second version: %+v, %v", second, err)
	}

	c = client(t, open(t, path))
	for name, want := range map[string]string{
		"/minim/greeting":   "String good day 2 ",
		"/minim/greeting:1": "String hello 1 :1",
		"password":          "SecureString swordfish 1 ",
		"arn:aws:ssm:us-east-1:000000000000:parameter/password":       "SecureString swordfish 1 ",
		"arn:aws:ssm:us-east-1:000000000000:parameter/minim/greeting": "String good day 2 ",
	} {
		found, err := c.GetParameter(t.Context(), &awsssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := found.Parameter
		got := strings.Join([]string{string(p.Type), *p.Value, string(rune('0' + p.Version)), aws.ToString(p.Selector)}, " ")
		if got != want || p.LastModifiedDate.IsZero() || !strings.HasPrefix(*p.ARN, "arn:aws:ssm:us-east-1:000000000000:parameter/") {
			t.Errorf("%s: got %q, %s; want %q", name, got, *p.ARN, want)
		}
	}
	hidden, err := c.GetParameter(t.Context(), &awsssm.GetParameterInput{Name: aws.String("password")})
	if err != nil || strings.Contains(*hidden.Parameter.Value, "swordfish") {
		t.Errorf("a secret without decryption: %v, %v", hidden, err)
	}
	if _, err := c.DeleteParameter(t.Context(), &awsssm.DeleteParameterInput{Name: aws.String("password")}); err != nil {
		t.Error(err)
	}
	many, err := c.GetParameters(t.Context(), &awsssm.GetParametersInput{Names: []string{"password", "/minim/greeting", "none"}})
	if err != nil || len(many.Parameters) != 1 || !cmp.Equal(many.InvalidParameters, []string{"password", "none"}) {
		t.Errorf("several: %+v, %v", many, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
}

// TestLists lists the parameters of a path, and all parameters, in pages.
func TestLists(t *testing.T) {
	c := client(t, open(t, filepath.Join(t.TempDir(), "parameters.json")))
	for _, name := range []string{"/a/1", "/a/2", "/a/b/3", "/ab", "a"} {
		put(t, c, name, name, types.ParameterTypeString)
	}
	for _, q := range []struct {
		path      string
		recursive bool
		want      string
	}{{"/a", false, "/a/1 /a/2"}, {"/a/", true, "/a/1 /a/2 /a/b/3"}, {"/", false, "/ab"}, {"/none", true, ""}} {
		var got []string
		pages := awsssm.NewGetParametersByPathPaginator(c, &awsssm.GetParametersByPathInput{Path: &q.path, Recursive: &q.recursive, MaxResults: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range page.Parameters {
				got = append(got, *p.Value)
			}
		}
		if strings.Join(got, " ") != q.want {
			t.Errorf("%s: got %q, want %q", q.path, got, q.want)
		}
	}
	all, err := c.DescribeParameters(t.Context(), &awsssm.DescribeParametersInput{ParameterFilters: []types.ParameterStringFilter{
		{Key: aws.String("Name"), Option: aws.String("BeginsWith"), Values: []string{"/a/"}},
	}})
	if err != nil || len(all.Parameters) != 3 || *all.Parameters[2].Name != "/a/b/3" || all.Parameters[0].LastModifiedUser == nil {
		t.Errorf("described: %+v, %v", all, err)
	}
	history, err := c.GetParameterHistory(t.Context(), &awsssm.GetParameterHistoryInput{Name: aws.String("a")})
	if err != nil || len(history.Parameters) != 1 || *history.Parameters[0].Value != "a" {
		t.Errorf("history: %+v, %v", history, err)
	}
}

// TestRefusals checks that errors are those of AWS.
func TestRefusals(t *testing.T) {
	c := client(t, open(t, filepath.Join(t.TempDir(), "parameters.json")))
	put(t, c, "there", "x", types.ParameterTypeString)
	for _, q := range []struct {
		code, about string
		in          awsssm.PutParameterInput
	}{
		{"ParameterAlreadyExists", "overwrite option", awsssm.PutParameterInput{Name: aws.String("there"), Value: aws.String("y")}},
		{"HierarchyTypeMismatchException", "type", awsssm.PutParameterInput{Name: aws.String("there"), Value: aws.String("y"), Type: "SecureString", Overwrite: aws.Bool(true)}},
		{"ValidationException", "type is required", awsssm.PutParameterInput{Name: aws.String("new"), Value: aws.String("y")}},
		{"ValidationException", "enum", awsssm.PutParameterInput{Name: aws.String("new"), Value: aws.String("y"), Type: "Text"}},
		{"ValidationException", "length", awsssm.PutParameterInput{Name: aws.String("new"), Value: aws.String(""), Type: "String"}},
		{"ValidationException", "4096", awsssm.PutParameterInput{Name: aws.String("new"), Value: aws.String(strings.Repeat("x", 4097)), Type: "String"}},
		{"ValidationException", "fully qualified", awsssm.PutParameterInput{Name: aws.String("a/b"), Value: aws.String("y"), Type: "String"}},
		{"ValidationException", "prefixed", awsssm.PutParameterInput{Name: aws.String("/aws/b"), Value: aws.String("y"), Type: "String"}},
		{"ValidationException", "symbols", awsssm.PutParameterInput{Name: aws.String("a b"), Value: aws.String("y"), Type: "String"}},
		{"HierarchyLevelLimitExceededException", "15", awsssm.PutParameterInput{Name: aws.String(strings.Repeat("/x", 16)), Value: aws.String("y"), Type: "String"}},
		{"ParameterPatternMismatchException", "[0-9]", awsssm.PutParameterInput{Name: aws.String("new"), Value: aws.String("y"), Type: "String", AllowedPattern: aws.String("^[0-9]$")}},
	} {
		_, err := c.PutParameter(t.Context(), &q.in)
		wants(t, err, q.code, q.about)
	}
	_, err := c.GetParameter(t.Context(), &awsssm.GetParameterInput{Name: aws.String("gone")})
	wants(t, err, "ParameterNotFound", "gone")
	_, err = c.GetParameter(t.Context(), &awsssm.GetParameterInput{Name: aws.String("there:7")})
	wants(t, err, "ParameterVersionNotFound", "version 7")
	_, err = c.DeleteParameter(t.Context(), &awsssm.DeleteParameterInput{Name: aws.String("gone")})
	wants(t, err, "ParameterNotFound", "gone")
	_, err = c.GetParametersByPath(t.Context(), &awsssm.GetParametersByPathInput{Path: aws.String("a")})
	wants(t, err, "ValidationException", "slash")
	_, err = c.GetParameters(t.Context(), &awsssm.GetParametersInput{Names: make([]string, 11)})
	wants(t, err, "ValidationException", "names")
	_, err = c.DescribeParameters(t.Context(), &awsssm.DescribeParametersInput{NextToken: aws.String("x")})
	wants(t, err, "InvalidNextToken", "token")
	_, err = c.ListDocuments(t.Context(), &awsssm.ListDocumentsInput{})
	wants(t, err, "UnknownOperationException", "parameters only")
}

func wants(t *testing.T, err error, code, about string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), about) {
		t.Errorf("got %v, want %s about %q", err, code, about)
	}
}

// TestDeclare: a parameter has the template's value until another one is put, and the
// template's value again after the template changes.
func TestDeclare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	declare := func(all ...Declaration) *Store {
		t.Helper()
		s := open(t, path)
		if err := s.Declare(all); err != nil {
			t.Fatal(err)
		}
		return s
	}
	value := func(s *Store, name, want string) {
		t.Helper()
		if got, _ := s.Value(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	first := Declaration{Name: "/x", Type: "String", Value: "one"}
	s := declare(first)
	value(s, "/x", "one")
	c := client(t, s)
	if _, err := c.PutParameter(t.Context(), &awsssm.PutParameterInput{Name: aws.String("/x"), Value: aws.String("mine"), Overwrite: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	put(t, c, "/own", "kept", types.ParameterTypeString)
	put(t, c, "/secret", "s", types.ParameterTypeSecureString)
	s = declare(first)
	value(s, "/x", "mine")
	value(s, "/x:1", "one")
	if _, ok := s.Value("/secret"); ok {
		t.Error("a template may have a secret")
	}
	value(declare(Declaration{Name: "/x", Type: "String", Value: "two"}), "/x", "two")
	value(declare(Declaration{Name: "/x", Type: "StringList", Value: "a,b"}), "/x", "a,b")
	s = declare()
	value(s, "/x", "")
	value(s, "/own", "kept")
	if err := s.Declare([]Declaration{{Name: "/y", Type: "String"}}); err == nil || !strings.Contains(err.Error(), "/y") {
		t.Errorf("an empty value: %v", err)
	}
}

func TestDamaged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	for _, text := range []string{"{", "null", `{"x":null}`, `{"x":{"versions":[]}}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(Options{Path: path}); err == nil || !strings.Contains(err.Error(), "remove the file") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

package deploy

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
)

// TestStage lets a stage live, from an account that has nothing to one that has
// nothing again, by the commands of docs/deploy.md.
func TestStage(t *testing.T) {
	a := emulated(t, "us-east-1")
	s := a.stage("dev")
	for _, step := range []struct {
		name string
		run  func(*account, *stage)
	}{
		{"first", first}, {"again", again}, {"broken off", brokenOff}, {"not read again", notReadAgain}, {"changed", changed}, {"use", use}, {"redrive", redrive}, {"remove", remove},
	} {
		if t.Failed() {
			return // what follows would say the same
		}
		t.Run(step.name, func(t *testing.T) { s.T, a.t = t, t; step.run(a, s) })
	}
}

// first deploys a stage: every resource must be made, with what it refers to made before it. Those with a condition that
// does not hold are not made; tests/template checks which these are.
func first(a *account, s *stage) {
	output := a.make("deploy", "VERSION=one")
	made, wanted := s.resources(), s.template()
	delete(made, "") // moto lists what a condition leaves out, without a name
	for id, resource := range wanted {
		if _, ok := made[id]; !ok && resource.Condition != "" {
			delete(wanted, id)
			continue
		}
		if aws.ToString(made[id].ResourceType) != resource.Type {
			s.Errorf("%s is %q, want %s", id, aws.ToString(made[id].ResourceType), resource.Type)
		}
	}
	if len(made) != len(wanted) || len(wanted) < 100 {
		s.Errorf("%d resources of %d", len(made), len(wanted))
	}
	shorten := must(s.functions.GetFunctionConfiguration(s.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("minim-dev-link-shorten")}))(s)
	address := shorten.Environment.Variables["SITE_URL"]
	if got := shorten.Environment.Variables["LINKS_TABLE"]; got != "minim-dev-links" || !strings.HasSuffix(address, ".cloudfront.net") {
		s.Errorf("link-shorten has the table %q and the site %q", got, address)
	}
	if !strings.Contains(output, "minim-dev is at "+address) {
		s.Errorf("make deploy does not say that it is at %s:\n%s", address, output)
	}
	if strings.Contains(output, "execute-api") || strings.Contains(output, "endpoints:") {
		s.Errorf("make deploy prints addresses that the API refuses:\n%s", output)
	}
	links := must(s.tables.DescribeTable(s.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("minim-dev-links")}))(s)
	if links.Table.LatestStreamArn == nil || len(links.Table.GlobalSecondaryIndexes) == 0 {
		s.Errorf("the links table has neither stream nor index: %+v", links.Table)
	}
	if sent, keys := s.sent(); sent == "" || sent != keys.Current || keys.Rotating() {
		s.Errorf("the edge sends %q, the API takes %+v", sent, keys)
	}
	if got := s.site(); !strings.HasPrefix(got, "one-") {
		s.Errorf("the site is %s", got)
	}
}

// again deploys the same: only the edge's key is another one.
func again(a *account, s *stage) {
	ids, code, site := s.ids(), s.code(), s.site()
	was, _ := s.sent()
	output := a.make("deploy", "VERSION=one")
	if diff := cmp.Diff(ids, s.ids()); diff != "" {
		s.Errorf("the stack has other resources (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(code, s.code()); diff != "" {
		s.Errorf("functions have other code (-before +after):\n%s", diff)
	}
	if !strings.Contains(output, site+" is already current") || s.site() != site {
		s.Errorf("the site was published again:\n%s", output)
	}
	if sent, keys := s.sent(); sent == was || sent != keys.Current || keys.Open(was) {
		s.Errorf("the edge sent %q and sends %q, the API takes %+v", was, sent, keys)
	}
}

// brokenOff is a deployment that ends before the edge gets its new key.
func brokenOff(a *account, s *stage) {
	was, _ := s.sent()
	if output, err := a.try("deploy", "OSLS=false"); err == nil {
		s.Fatalf("it was not broken off:\n%s", output)
	}
	sent, keys := s.sent()
	if sent != was || !keys.Open(sent) || keys.Current == sent {
		s.Errorf("the edge sends %q, the API takes %+v", sent, keys)
	}
	if _, err := a.try("deploy", "OSLS=false"); err == nil {
		s.Fatal("it was not broken off")
	}
	if sent, again := s.sent(); !again.Open(sent) || again != keys {
		s.Errorf("the edge sends %q, the API takes %+v, and before %+v", sent, again, keys)
	}
}

// notReadAgain deploys twice while CloudFormation does not read secrets again, and once when it does: the
// edge gets its new key each time, and the site is published before that.
func notReadAgain(a *account, s *stage) {
	stale, _ := s.sent()
	must(s.secrets.CreateSecret(s.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("emulated-read-once"), SecretString: aws.String("yes")}))(s)
	for range 2 {
		output := a.make("deploy", "VERSION=one")
		if sent, keys := s.sent(); sent == stale || sent != keys.Current || keys.Rotating() || !keys.Open(stale) {
			s.Errorf("the edge sent %q and sends %q, the API takes %+v", stale, sent, keys)
		}
		_, after, published := strings.Cut(output, "is already current")
		if !published || !strings.Contains(after, "CloudFormation did not give the new key to CloudFront") {
			s.Errorf("make deploy does not publish the site, or not before it tells the edge of its key:\n%s", output)
		}
	}
	must(s.secrets.DeleteSecret(s.Context(), &secretsmanager.DeleteSecretInput{SecretId: aws.String("emulated-read-once"), ForceDeleteWithoutRecovery: aws.Bool(true)}))(s)
	a.make("deploy", "VERSION=one")
	if sent, keys := s.sent(); sent != keys.Current || keys.Open(stale) {
		s.Errorf("the edge sends %q, the API takes %+v, also %q", sent, keys, stale)
	}
}

// changed deploys other code and another site, and goes back.
func changed(a *account, s *stage) {
	code, site := s.code(), s.site()
	change(s.T, "health")
	change(s.T, "link-get")
	a.make("deploy", "FN=link-get")
	one := s.code()
	if one["link-get"] == code["link-get"] || one["health"] != code["health"] {
		s.Errorf("make deploy FN=link-get: %s and %s are now %s and %s", code["link-get"], code["health"], one["link-get"], one["health"])
	}
	a.make("deploy", "VERSION=two")
	both := s.code()
	maps.Copy(one, map[string]string{"health": both["health"]})
	if both["health"] == code["health"] || !maps.Equal(one, both) {
		s.Errorf("make deploy (-want +got):\n%s", cmp.Diff(one, both))
	}
	if got := s.site(); !strings.HasPrefix(got, "two-") {
		s.Errorf("the site is %s", got)
	}
	if sent, keys := s.sent(); sent != keys.Current || keys.Rotating() {
		s.Errorf("the edge sends %q, the API takes %+v", sent, keys)
	}
	if output := a.make("deployments"); strings.Count(output, "\n") != 9 || strings.Count(output, "current") != 2 || !strings.Contains(output, site) {
		s.Errorf("make deployments is to tell of six deployments and two releases:\n%s", output)
	}
	a.make("rollback")
	if diff := cmp.Diff(code, s.code()); diff != "" {
		s.Errorf("make rollback (-want +got):\n%s", diff)
	}
	if sent, keys := s.sent(); !keys.Open(sent) {
		s.Errorf("after the rollback the edge sends %q, the API takes %+v", sent, keys)
	}
	a.make("rollback-site")
	if got := s.site(); got != site {
		s.Errorf("the site is %s, was %s", got, site)
	}
}

// use does what somebody does with a stage that is there.
func use(a *account, s *stage) {
	token := strings.TrimSpace(a.make("key", "STAGE=dev", "OWNER=ann"))
	keys := must(s.tables.Scan(s.Context(), &dynamodb.ScanInput{
		TableName: aws.String("minim-dev-keys"), FilterExpression: aws.String("attribute_exists(digest)"), // the number of ann's keys has none
	}))(s)
	if !strings.HasPrefix(token[strings.LastIndex(token, "\n")+1:], "mk_") || keys.Count != 1 {
		s.Errorf("make key says %q, the table has %d keys", token, keys.Count)
	}
	if output := a.make("invoke", "STAGE=dev", "FN=report-run", `DATA={"day":"2026-11-21"}`); !strings.Contains(output, "2026-11-21") {
		s.Errorf("make invoke says %s", output)
	}
	if output := a.make("logs", "STAGE=dev", "FN=report-run"); !strings.Contains(output, "2026-11-21") {
		s.Errorf("make logs says %s", output)
	}
}

// redrive reprocesses failed messages and events.
func redrive(a *account, s *stage) {
	client := sqs.NewFromConfig(a.config())
	send := func(queue, body string) {
		url := must(client.GetQueueUrl(s.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("minim-dev-" + queue)}))(s).QueueUrl
		must(client.SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: url, MessageBody: &body}))(s)
	}
	send("clicks-dead", `{"code":"abc"}`)
	if output := a.make("redrive", "STAGE=dev", "QUEUE=clicks-dead"); !strings.Contains(output, "1 messages are back") {
		s.Errorf("make redrive says %s", output)
	}
	send("failures", `{"requestContext":{"functionArn":"arn:aws:lambda:us-east-1:123456789012:function:minim-dev-image-resize:$LATEST"},"requestPayload":{"Records":["once more"]}}`)
	if output := a.make("redrive", "STAGE=dev", "QUEUE=failures"); !strings.Contains(output, "1 events started again") {
		s.Errorf("make redrive says %s", output)
	}
	if output := a.make("logs", "STAGE=dev", "FN=image-resize"); !strings.Contains(output, "once more") {
		s.Errorf("make logs says %s", output)
	}
}

// remove takes the stage away, and all that it holds.
func remove(a *account, s *stage) {
	for _, name := range []string{"logs", "uploads", "images", "reports"} {
		must(s.store.PutBucketVersioning(s.Context(), &s3.PutBucketVersioningInput{Bucket: aws.String(s.bucket(name)),
			VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))(s)
		for range 2 {
			must(s.store.PutObject(s.Context(), &s3.PutObjectInput{Bucket: aws.String(s.bucket(name)), Key: aws.String("a/b"), Body: strings.NewReader(name)}))(s)
		}
		must(s.store.DeleteObject(s.Context(), &s3.DeleteObjectInput{Bucket: aws.String(s.bucket(name)), Key: aws.String("a/b")}))(s)
	}
	if output, err := a.try("remove", "CONFIRM=prod"); err == nil || !strings.Contains(output, `"prod" is not "dev"`) {
		s.Fatalf("make remove CONFIRM=prod: %v\n%s", err, output)
	}
	if got := s.site(); got == "" || len(s.resources()) < 100 {
		s.Fatal("something was removed")
	}
	output := a.make("remove", "CONFIRM=dev")
	for _, lost := range []string{"queue minim-dev-clicks\n", "log group /aws/lambda/minim-dev-health\n", "secret minim-dev-edge-key"} {
		if !strings.Contains(output, lost) {
			s.Errorf("make remove does not list %q:\n%s", lost, output)
		}
	}
	if !strings.Contains(output, s.bucket("logs")+" is empty: 3 objects and versions removed") {
		s.Errorf("make remove says %s", output)
	}
	for _, left := range must(s.store.ListBuckets(s.Context(), &s3.ListBucketsInput{}))(s).Buckets {
		s.Errorf("the bucket %s is left", *left.Name)
	}
	for _, left := range must(s.tables.ListTables(s.Context(), &dynamodb.ListTablesInput{}))(s).TableNames {
		s.Errorf("the table %s is left", left)
	}
	for _, left := range must(s.secrets.ListSecrets(s.Context(), &secretsmanager.ListSecretsInput{}))(s).SecretList {
		s.Errorf("the secret %s is left", *left.Name)
	}
	if left := s.code(); len(left) > 0 {
		s.Errorf("functions are left: %v", left)
	}
	for command, want := range map[string]string{
		"deployments":                         "minim-dev: there is no such stack; make deploy creates it",
		"key STAGE=dev":                       "there is no table minim-dev-keys; make deploy creates it",
		"deploy FN=health":                    "there is no function minim-dev-health yet; make deploy without FN creates it",
		"redrive STAGE=dev QUEUE=clicks-dead": "there is no queue minim-dev-clicks-dead",
		"invoke STAGE=nowhere FN=health":      "no stage nowhere for AWS",
	} {
		if output, err := a.try(strings.Fields(command)...); err == nil || !strings.Contains(output, want) {
			s.Errorf("make %s of a stage that is gone: %v\n%s", command, err, output)
		}
	}
}

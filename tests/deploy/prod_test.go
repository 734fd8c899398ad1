package deploy

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

// TestProd removes a stage that keeps its data, and brings it back with them, in another region than us-east-1.
func TestProd(t *testing.T) {
	a := emulated(t, "eu-central-1")
	s := a.stage("prod")
	if output, err := a.try("deploy", "STAGE=prod"); err == nil || !strings.Contains(output, "make deploy STAGE=prod ALERTS_EMAIL=") || len(s.stackNames()) > 0 {
		t.Fatalf("make deploy with nobody to tell of alarms, stacks %v: %v\n%s", s.stackNames(), err, output)
	}
	a.make("deploy", "STAGE=prod", "ALERTS_EMAIL=ops@example.com")
	made := s.ids()
	s.protected()
	s.second(made["Distribution"])
	key := map[string]types.AttributeValue{"code": &types.AttributeValueMemberS{Value: "abc"}}
	must(s.tables.PutItem(s.Context(), &dynamodb.PutItemInput{TableName: aws.String("minim-prod-links"), Item: key}))(s)

	output, err := a.try("remove", "STAGE=prod", "CONFIRM=prod")
	if err == nil || !strings.Contains(output, "minim-prod has termination protection") {
		t.Fatalf("make remove of a protected stack: %v\n%s", err, output)
	}
	must(s.stacks.UpdateTerminationProtection(s.Context(), &cloudformation.UpdateTerminationProtectionInput{
		StackName: aws.String("minim-prod"), EnableTerminationProtection: aws.Bool(false)}))(s)
	output = a.make("remove", "STAGE=prod", "CONFIRM=prod")
	s.second("")
	kept := strings.Fields("ClicksTable IdempotencyTable ImagesTable KeysTable LinkHistoryTable LinkIndexTable LinksTable ReportsTable SaltsTable SessionsTable SpacesTable StatsTable " +
		"ImagesBucket LogsBucket ReportsBucket S3BucketUploads SiteBucket")
	for _, id := range kept {
		if _, stays, _ := strings.Cut(output, "These are kept"); made[id] == "" || !strings.Contains(stays, "\n  "+made[id]+"\n") {
			t.Errorf("make remove does not tell that %s (%q) stays:\n%s", id, made[id], output)
		}
	}
	output, err = a.try("deploy", "STAGE=prod", "ALERTS_EMAIL=none")
	if err == nil || !strings.Contains(output, "make adopt STAGE=prod") {
		t.Fatalf("make deploy does not mind what is left: %v\n%s", err, output)
	}
	for _, id := range kept {
		if !strings.Contains(output, "\n  "+made[id]+"\n") {
			t.Errorf("make deploy does not name %s (%s), which is left:\n%s", id, made[id], output)
		}
	}
	a.make("adopt", "STAGE=prod", "ALERTS_EMAIL=none")
	adopted := s.ids()
	want := map[string]string{}
	for _, id := range kept {
		want[id] = made[id]
	}
	if diff := cmp.Diff(want, adopted); diff != "" {
		t.Errorf("the new stack begins with (-want +got):\n%s", diff)
	}
	a.make("deploy", "STAGE=prod", "ALERTS_EMAIL=none")
	again := s.ids()
	s.protected()
	s.second(again["Distribution"])
	if len(again) != len(made)-1 { // nobody subscribes to the alerts
		t.Errorf("%d resources, before the removal %d", len(again), len(made))
	}
	for id, name := range want {
		if again[id] != name {
			t.Errorf("%s is %q, was %q", id, again[id], name)
		}
	}
	found := must(s.tables.GetItem(s.Context(), &dynamodb.GetItemInput{TableName: aws.String("minim-prod-links"), Key: key}))(s)
	if len(found.Item) == 0 {
		t.Error("the link is gone")
	}
}

// second expects the second stack, in us-east-1, to deliver the log of the distribution; of none, no stack.
func (s *stage) second(distribution string) {
	s.Helper()
	clouds := cloudformation.NewFromConfig(s.config, func(o *cloudformation.Options) { o.Region = "us-east-1" })
	found, err := clouds.ListStackResources(s.Context(), &cloudformation.ListStackResourcesInput{StackName: aws.String("minim-prod-us-east-1")})
	if distribution == "" {
		if err == nil {
			s.Errorf("minim-prod-us-east-1 is left, with %d resources", len(found.StackResourceSummaries))
		}
		return
	}
	if err != nil {
		s.Fatal(err)
	}
	var ids []string
	for _, r := range found.StackResourceSummaries {
		ids = append(ids, *r.LogicalResourceId)
	}
	slices.Sort(ids)
	if want := []string{"EdgeLog", "EdgeLogDestination", "EdgeLogSource"}; !slices.Equal(ids, want) {
		s.Errorf("minim-prod-us-east-1 has %v, want %v", ids, want)
	}
	described := must(clouds.DescribeStacks(s.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("minim-prod-us-east-1")}))(s)
	for _, output := range described.Stacks[0].Outputs {
		if *output.OutputKey == "Distribution" && *output.OutputValue == distribution {
			return
		}
	}
	s.Errorf("minim-prod-us-east-1 has the outputs %v, want the distribution %s", described.Stacks[0].Outputs, distribution)
}

// stackNames are the names of the account's stacks.
func (s *stage) stackNames() (names []string) {
	s.Helper()
	for _, stack := range must(s.stacks.DescribeStacks(s.Context(), &cloudformation.DescribeStacksInput{}))(s).Stacks {
		names = append(names, *stack.StackName)
	}
	return names
}

// protected expects that nobody can delete the tables, or the stack.
func (s *stage) protected() {
	s.Helper()
	stack := must(s.stacks.DescribeStacks(s.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("minim-" + s.name)}))(s).Stacks[0]
	if !aws.ToBool(stack.EnableTerminationProtection) {
		s.Error("the stack has no termination protection")
	}
	all := must(s.tables.ListTables(s.Context(), &dynamodb.ListTablesInput{}))(s).TableNames
	for _, name := range all {
		if got := must(s.tables.DescribeTable(s.Context(), &dynamodb.DescribeTableInput{TableName: &name}))(s); !aws.ToBool(got.Table.DeletionProtectionEnabled) {
			s.Errorf("the table %s is not protected", name)
		}
	}
	if len(all) != 12 {
		s.Errorf("%d tables", len(all))
	}
}

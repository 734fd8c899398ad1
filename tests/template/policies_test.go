package template

import (
	"slices"
	"strings"
)

// statements lists the statements of a role's policies.
func (s stack) statements(role string) []any {
	var all []any
	policies, _ := s.Resources[role].get("Policies").([]any)
	for _, policy := range policies {
		list, _ := follow(policy, "PolicyDocument.Statement").([]any)
		all = append(all, list...)
	}
	return all
}

// strs makes a list of one value or of several.
func strs(value any) []string {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	var all []string
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		} else {
			all = append(all, text(v))
		}
	}
	return all
}

func checkRoles(t reporter, s stack) {
	// Actions without resource-level permissions, which must be allowed on all.
	onAll := []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
	for _, role := range s.of("AWS::IAM::Role") {
		for _, statement := range s.statements(role) {
			actions, resources := strs(follow(statement, "Action")), strs(follow(statement, "Resource"))
			for _, action := range actions {
				if strings.HasSuffix(action, "*") {
					t.Errorf("%s may do %s: name the actions", role, action)
				}
				if slices.Contains(resources, "*") && !slices.Contains(onAll, action) {
					t.Errorf("%s may do %s on everything", role, action)
				}
			}
			if text(follow(statement, "Effect")) != `"Allow"` {
				t.Errorf("%s has a statement that does not allow", role)
			}
		}
	}
}

// checkEveryRoleHasOneUser: each role belongs to one function or one service.
func checkEveryRoleHasOneUser(t reporter, s stack) {
	users := map[string]int{"ScheduleRole": 1, "ApiRole": 1}
	if len(s.of("AWS::CodeDeploy::DeploymentGroup")) > 0 {
		users["ReleaseRole"] = 1
	}
	for name, id := range s.functions() {
		role, _ := s.Resources[id].get("Role.Fn::GetAtt.0").(string)
		users[role]++
		if !slices.ContainsFunc(s.statements(role), func(statement any) bool {
			return slices.Contains(strs(follow(statement, "Action")), "logs:PutLogEvents") &&
				strings.Contains(text(follow(statement, "Resource")), "/aws/lambda/"+s.name(name)+":*")
		}) {
			t.Errorf("%s may not write its own log", name)
		}
	}
	for _, role := range s.of("AWS::IAM::Role") {
		if users[role] != 1 {
			t.Errorf("%s has %d users", role, users[role])
		}
	}
}

// checkWriters lists all write permissions. A function that needs a new one must be
// added to this list first.
func checkWriters(t reporter, s stack) {
	writes := []string{"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "s3:PutObject", "s3:DeleteObject", "sqs:SendMessage", "lambda:InvokeFunction", "ses:SendEmail", "sns:Publish"}
	want := map[string][]string{
		"authorize":      {"dynamodb:UpdateItem"}, // the last use of a key or a session
		"health":         {},
		"image-get":      {},
		"image-list":     {},
		"link-clicks":    {},
		"link-get":       {},
		"link-qr":        {},
		"link-stats":     {},
		"report-get":     {},
		"report-list":    {},
		"report-request": {"lambda:InvokeFunction", "dynamodb:PutItem"}, // an idempotency record
		// It writes abuse reports, and writes and deletes the salts of days.
		"link-redirect": {"sqs:SendMessage", "dynamodb:UpdateItem", "dynamodb:PutItem", "dynamodb:DeleteItem"},
	}
	for name, allowed := range want {
		for _, statement := range s.statements(pascal(name) + "Role") {
			for _, action := range strs(follow(statement, "Action")) {
				if slices.Contains(writes, action) && !slices.Contains(allowed, action) {
					t.Errorf("%s only reads, but may do %s", name, action)
				}
			}
		}
	}
}

// checkEdgeReadsBuckets: only our distribution may read, and only where pages and images are.
func checkEdgeReadsBuckets(t reporter, s stack) {
	readers := map[string]string{}
	for _, id := range s.of("AWS::S3::BucketPolicy") {
		statements, _ := s.Resources[id].get("PolicyDocument.Statement").([]any)
		for _, statement := range statements {
			if text(follow(statement, "Effect")) != `"Allow"` || id == "LogsBucketPolicy" {
				continue
			}
			readers[id] = text(follow(statement, "Resource"))
			if text(follow(statement, "Principal.Service")) != `"cloudfront.amazonaws.com"` || text(follow(statement, "Action")) != `"s3:GetObject"` ||
				!strings.Contains(text(follow(statement, "Condition.StringEquals.AWS:SourceArn")), "distribution/${Distribution}") {
				t.Errorf("%s allows more than our distribution to read: %s", id, text(statement))
			}
		}
	}
	if len(readers) != 2 || !strings.Contains(readers["ImagesBucketPolicy"], "${ImagesBucket.Arn}/i/*") || !strings.Contains(readers["SiteBucketPolicy"], "${SiteBucket.Arn}/*") {
		t.Errorf("the edge reads %v", readers)
	}
}

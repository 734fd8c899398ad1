package iam

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// policies parses statements. It adds the document around them.
func policies(t *testing.T, statements ...string) *Policies {
	t.Helper()
	var p Policies
	if err := p.Add("test", document(statements...)); err != nil {
		t.Fatal(err)
	}
	return &p
}

func document(statements ...string) []byte {
	return []byte(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
}

const (
	table = "arn:aws:dynamodb:us-east-1:000000000000:table/links"
	read1 = `{"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query"],"Resource":"` + table + `"}`
)

func TestEvaluate(t *testing.T) {
	for _, c := range []struct {
		name       string
		statements []string
		request    Request
		want       Decision
	}{
		{"allowed", []string{read1}, Request{Action: "dynamodb:GetItem", Resource: table}, Decision{Allowed: true, Grant: 0}},
		{"second action", []string{read1}, Request{Action: "dynamodb:Query", Resource: table}, Decision{Allowed: true, Grant: 1}},
		{"other case", []string{read1}, Request{Action: "DynamoDB:getitem", Resource: table}, Decision{Allowed: true, Grant: 0}},
		{"other action", []string{read1}, Request{Action: "dynamodb:PutItem", Resource: table}, Decision{Grant: -1}},
		{"longer action", []string{read1}, Request{Action: "dynamodb:GetItems", Resource: table}, Decision{Grant: -1}},
		{"other resource", []string{read1}, Request{Action: "dynamodb:GetItem", Resource: table + "2"}, Decision{Grant: -1}},
		{"resource in capitals", []string{read1}, Request{Action: "dynamodb:GetItem", Resource: strings.Replace(table, "links", "Links", 1)}, Decision{Grant: -1}},
		{"table for its index", []string{read1}, Request{Action: "dynamodb:Query", Resource: table + "/index/byOwner"}, Decision{Grant: -1}},
		{
			"index", []string{`{"Effect":"Allow","Action":"dynamodb:Query","Resource":"` + table + `/index/*"}`},
			Request{Action: "dynamodb:Query", Resource: table + "/index/byOwner"}, Decision{Allowed: true},
		},
		{
			"objects are not the bucket", []string{`{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}`},
			Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::b"}, Decision{Grant: -1},
		},
		{
			"wildcards", []string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/?/*.jpg"}`},
			Request{Action: "s3:getobject", Resource: "arn:aws:s3:::b/i/a:b/c.jpg"}, Decision{Allowed: true},
		},
		{
			"wildcard stays in its segment", []string{`{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"arn:aws:sqs:*:0:q"}`},
			Request{Action: "sqs:SendMessage", Resource: "arn:aws:sqs:us-east-1:1:0:q"}, Decision{Grant: -1},
		},
		{
			"everything", []string{`{"Effect":"Allow","Action":"*","Resource":"*"}`},
			Request{Action: "s3:ListAllMyBuckets", Resource: "*"}, Decision{Allowed: true},
		},
		{"nothing has no resource", []string{read1}, Request{Action: "dynamodb:GetItem", Resource: "*"}, Decision{Grant: -1}},
		{
			"denied whatever allows", []string{read1, `{"Effect":"Deny","Action":"dynamodb:*","Resource":"*"}`},
			Request{Action: "dynamodb:GetItem", Resource: table}, Decision{Denied: true, Grant: 2},
		},
		{
			"the first that allows", []string{read1, read1},
			Request{Action: "dynamodb:Query", Resource: table}, Decision{Allowed: true, Grant: 1},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, policies(t, c.statements...).Evaluate(c.request)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		name, condition string
		context         map[string]string
		want            bool
	}{
		{"equal", `{"StringEquals":{"S3:Prefix":["a/","b/"]}}`, map[string]string{"s3:prefix": "b/"}, true},
		{"unequal", `{"StringEquals":{"s3:prefix":"a/"}}`, map[string]string{"s3:prefix": "b/"}, false},
		{"absent", `{"StringEquals":{"s3:prefix":""}}`, nil, false},
		{"not equal", `{"StringNotEquals":{"s3:prefix":["a/","b/"]}}`, map[string]string{"s3:prefix": "b/"}, false},
		{"not equal, absent", `{"StringNotEquals":{"s3:prefix":"a/"}}`, nil, true},
		{"like", `{"StringLike":{"s3:prefix":"a/*"}}`, map[string]string{"s3:prefix": "a/b/c"}, true},
		{"not like", `{"StringNotLike":{"s3:prefix":"a/*"}}`, map[string]string{"s3:prefix": "a/b/c"}, false},
		{"any case", `{"StringEqualsIgnoreCase":{"s3:prefix":"A/"}}`, map[string]string{"s3:prefix": "a/"}, true},
		{"truth", `{"Bool":{"aws:SecureTransport":false}}`, map[string]string{"aws:securetransport": "true"}, false},
		{"ARN", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}`, map[string]string{"aws:principalarn": "arn:aws:iam::0:role/x"}, true},
		{"no such ARN", `{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::0:role/x"}}`, map[string]string{"aws:principalarn": "arn:aws:iam::0:role/x"}, false},
		{
			"each must hold", `{"StringLike":{"s3:prefix":"*"},"Bool":{"aws:SecureTransport":"true"}}`,
			map[string]string{"s3:prefix": "x", "aws:securetransport": "false"}, false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := policies(t, `{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":`+c.condition+`}`)
			got := p.Evaluate(Request{Action: "s3:ListBucket", Resource: "arn:aws:s3:::b", Context: c.context})
			if got.Allowed != c.want {
				t.Errorf("got %+v, want %t", got, c.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ document, want string }{
		{`[]`, "is not a policy"},
		{`{"Version":"2012-10-17"}`, "is not a policy"},
		{`{"Version":"2012-10-17","Statement":[]}`, "Statement: there is none"},
		{`{"Version":"2020-01-01","Statement":[` + read1 + `]}`, `Version: "2020-01-01" is not 2012-10-17`},
		{`{"Statement":{"Effect":"Allow","Actions":"a:b","Resource":"*"}}`, `Statement[0]: is not a policy: unknown field "Actions"`},
		{`{"Statement":{"Effect":"allow","Action":"a:b","Resource":"*"}}`, `Statement[0].Effect: "allow" is neither Allow nor Deny`},
		{`{"Statement":[` + read1 + `,{"Effect":"Allow","NotAction":"a:b","Resource":"*"}]}`, "Statement[1].NotAction: not supported by the local cloud; name the actions"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","NotResource":"*"}}`, "Statement[0].NotResource: not supported"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b"}}`, "Statement[0].Resource: there is none"},
		{`{"Statement":{"Effect":"Allow","Resource":"*"}}`, "Statement[0].Action: there is none"},
		{`{"Statement":{"Effect":"Allow","Action":"GetItem","Resource":"*"}}`, `Statement[0].Action: "GetItem" is not of the form service:Action`},
		{`{"Statement":{"Effect":"Allow","Action":{"a":1},"Resource":"*"}}`, "takes a text or a list of texts"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:sqs:*:q"}}`, `Statement[0].Resource: "arn:aws:sqs:*:q" is not an ARN`},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"links"}}`, `Statement[0].Resource: "links" is not an ARN`},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"arn:aws:s3:::b/${aws:username}"}}`, "has a policy variable"},
		{`{"Statement":{"Effect":"Allow","Principal":"*","Action":"a:b","Resource":"*"}}`, "Statement[0].Principal: belongs to the policies of resources"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"x"}}}}`, "Statement[0].Condition.DateLessThan: this operator is not supported"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"Bool":{"aws:Via":"x"}}}}`, "Statement[0].Condition.Bool.aws:Via: this key has no value in the local cloud"},
		{`{"Statement":{"Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"StringLike":{"s3:prefix":"${aws:x}"}}}}`, "policy variables are not supported"},
	} {
		err := new(Policies).Add("test", []byte(c.document))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\ngot:  %v\nwant: %s", c.document, err, c.want)
		}
	}
}

func TestTrusts(t *testing.T) {
	const scheduler = `{"Effect":"Allow","Principal":{"Service":["scheduler.amazonaws.com","x.amazonaws.com"]},"Action":"sts:AssumeRole",
		"Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"}}}`
	for _, c := range []struct {
		name, statement, service, account string
		want                              bool
	}{
		{"the service", scheduler, "scheduler.amazonaws.com", "000000000000", true},
		{"another service", scheduler, "lambda.amazonaws.com", "000000000000", false},
		{"another account", scheduler, "scheduler.amazonaws.com", "111111111111", false},
		{"another action", strings.Replace(scheduler, "sts:AssumeRole", "sts:TagSession", 1), "scheduler.amazonaws.com", "000000000000", false},
		{"denied", strings.Replace(scheduler, "Allow", "Deny", 1) + "," + scheduler, "scheduler.amazonaws.com", "000000000000", false},
		{"a person", `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::0:user/x"},"Action":"sts:AssumeRole"}`, "scheduler.amazonaws.com", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Trusts(document(c.statement), c.service, map[string]string{"aws:sourceaccount": c.account})
			if err != nil || got != c.want {
				t.Errorf("got %t, %v; want %t", got, err, c.want)
			}
		})
	}
	if _, err := Trusts([]byte(`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Condition":{"Odd":{}}}}`), "x", nil); err == nil {
		t.Error("an unknown operator is trusted")
	}
}

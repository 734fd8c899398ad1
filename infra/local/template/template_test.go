package template

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var options = Options{StackName: "minim-local", EdgeDomain: "localhost:8080", QueueEndpoint: "http://127.0.0.1:9324"}

// TestStack resolves a template in the form of the packager's output.
func TestStack(t *testing.T) {
	stack, err := Load("testdata/stack.json", options)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, r := range stack.resources {
		if _, ok := r.value.(*passive); ok {
			continue
		}
		text, err := json.MarshalIndent(pruned(t, r.value), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString(r.id + " " + string(text) + "\n")
	}
	const golden = "testdata/stack.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("-want +got (go test -update):\n%s", d)
	}
}

// pruned converts a value to JSON and removes everything that is empty.
func pruned(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	prune(all)
	return all
}

func prune(v any) (empty bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if prune(value) {
				delete(v, name)
			}
		}
		return len(v) == 0
	case []any:
		for _, element := range v {
			prune(element)
		}
		return len(v) == 0
	case nil:
		return true
	}
	return v == "" || v == false || v == 0.0
}

func TestOrder(t *testing.T) {
	stack, err := Load("testdata/stack.json", options)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, id := range stack.IDs() {
		at[id] = i
	}
	for _, pair := range [][2]string{
		{"ClicksDeadQueue", "ClicksQueue"},
		{"LinksTable", "LinkDashgetLambdaFunction"},
		{"ImageDashresizeLambdaFunction", "S3BucketUploads"},
		{"S3BucketUploads", "UploadsBucketPolicy"},
	} {
		if at[pair[0]] >= at[pair[1]] {
			t.Errorf("%s comes after %s, which needs it", pair[0], pair[1])
		}
	}
}

// queue resolves a template with one queue that has the given name property.
func queue(t *testing.T, name, more string) (string, error) {
	t.Helper()
	stack, err := Parse([]byte(`{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":`+name+`}},
		"Other":{"Type":"AWS::SQS::Queue"},
		"Dev":{"Type":"AWS::SQS::Queue","Condition":"IsDev"}},
		"Parameters":{"Stage":{"Default":"local"},"Bare":{}},
		"Mappings":{"Stages":{"local":{"Size":"small"}}},
		"Conditions":{"IsLocal":{"Fn::Equals":[{"Ref":"Stage"},"local"]},
			"IsDev":{"Fn::Not":[{"Condition":"IsLocal"}]},
			"Both":{"Fn::And":[{"Condition":"IsLocal"},{"Condition":"IsDev"}]},
			"One":{"Fn::Or":[{"Condition":"IsLocal"},{"Condition":"IsDev"}]},
			"Loop":{"Fn::Not":[{"Condition":"Loop"}]},
			"Odd":{"Fn::Equals":["a"]}}`+more+`}`), options)
	if err != nil {
		return "", err
	}
	for id, q := range Of[Queue](stack) {
		if id == "Q" {
			return q.QueueName, nil
		}
	}
	return "", errors.New("there is no Q")
}

func TestIntrinsics(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"text", `"plain"`, "plain"},
		{"number as text", `5`, "5"},
		{"parameter", `{"Ref":"Stage"}`, "local"},
		{"pseudo parameter", `{"Ref":"AWS::AccountId"}`, "000000000000"},
		{"reference", `{"Ref":"Other"}`, "http://127.0.0.1:9324/000000000000/minim-local-Other"},
		{"attribute", `{"Fn::GetAtt":["Other","Arn"]}`, "arn:aws:sqs:us-east-1:000000000000:minim-local-Other"},
		{"attribute as text", `{"Fn::GetAtt":"Other.QueueName"}`, "minim-local-Other"},
		{"substitution", `{"Fn::Sub":"${Stage}-${AWS::Region}-${Other.QueueName}-${!Kept}"}`, "local-us-east-1-minim-local-Other-${Kept}"},
		{"substitution with variables", `{"Fn::Sub":["${A}-${Stage}",{"A":{"Ref":"AWS::Partition"}}]}`, "aws-local"},
		{"join", `{"Fn::Join":["-",["a",{"Ref":"Stage"},5]]}`, "a-local-5"},
		{"select", `{"Fn::Select":["1",["a","b"]]}`, "b"},
		{"split", `{"Fn::Select":[2,{"Fn::Split":[":",{"Fn::GetAtt":["Other","Arn"]}]}]}`, "sqs"},
		{"if", `{"Fn::If":["IsLocal","yes",{"Ref":"Nothing"}]}`, "yes"},
		{"if not", `{"Fn::If":["IsDev","yes","no"]}`, "no"},
		{"map", `{"Fn::FindInMap":["Stages",{"Ref":"Stage"},"Size"]}`, "small"},
		{"if both", `{"Fn::If":["Both","yes","no"]}`, "no"},
		{"if one", `{"Fn::If":["One","yes","no"]}`, "yes"},
		{"no value", `{"Fn::If":["IsLocal",{"Ref":"AWS::NoValue"},"x"]}`, "minim-local-Q"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := queue(t, c.value, "")
			if err != nil || got != c.want {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, c := range []struct{ name, value, more, want string }{
		{"reference to nothing", `{"Ref":"Nothing"}`, "", `Q.Properties.QueueName: refers to "Nothing", which is neither a resource nor a parameter`},
		{"substitution of nothing", `{"Fn::Sub":"${Nothing.Arn}"}`, "", `Q.Properties.QueueName: refers to "Nothing", which is neither a resource nor a parameter`},
		{"false condition", `{"Ref":"Dev"}`, "", `Q.Properties.QueueName: refers to Dev, whose condition IsDev is false`},
		{"no such key", `{"Fn::FindInMap":["Stages","local","Colour"]}`, "", `Q.Properties.QueueName: Fn::FindInMap: Mappings has no [Stages local Colour]`},
		{"no such map", `{"Fn::FindInMap":["Sizes","local"]}`, "", `Q.Properties.QueueName: Fn::FindInMap takes a map and two keys`},
		{"no such condition", `{"Fn::If":["Nope","a","b"]}`, "", `Q.Properties.QueueName: there is no condition "Nope"`},
		{"circular condition", `{"Fn::If":["Loop","a","b"]}`, "", `Conditions.Loop: depends on itself`},
		{"bad condition", `{"Fn::If":["Odd","a","b"]}`, "", `Conditions.Odd: is not a condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition`},
		{"parameter without value", `{"Ref":"Bare"}`, "", `Q.Properties.QueueName: the parameter Bare has neither a value nor a default; --parameter Bare=VALUE sets one`},
		{"unknown attribute", `{"Fn::GetAtt":["Other","Color"]}`, "", `Q.Properties.QueueName: Other has no attribute "Color" in the local cloud`},
		{"import", `{"Fn::ImportValue":"x"}`, "", `Q.Properties.QueueName: the function Fn::ImportValue is not supported by the local cloud, which runs one stack`},
		{"dynamic reference", `"{{resolve:ssm-secure:x}}"`, "", `Q.Properties.QueueName: dynamic references to ssm-secure are not supported by the local cloud, which supports {{resolve:ssm:…}} and {{resolve:secretsmanager:…}}`},
		{"unknown secret", `"{{resolve:secretsmanager:x}}"`, "", `Q.Properties.QueueName: refers to the secret x, and there are no secrets here`},
		{"unknown parameter", `"{{resolve:ssm:x}}"`, "", `Q.Properties.QueueName: refers to the parameter x, which is neither in the template nor in what aws ssm put-parameter has stored; a SecureString cannot be referred to`},
		{"itself", `{"Ref":"Q"}`, "", `Q: depends on itself: Q -> Q`},
		{"a list for a text", `["a"]`, "", `Q.Properties.QueueName: takes a single value`},
		{"macro", `"a"`, `,"Transform":"AWS::Serverless-2016-10-31"`, `Transform: the local cloud needs SAM's output, the translated template`},
		{"output", `"a"`, `,"Outputs":{"X":{"Value":{"Ref":"Nothing"}}}`, `Outputs.X.Value: refers to "Nothing", which is neither a resource nor a parameter`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := queue(t, c.value, c.more)
			if err == nil || err.Error() != c.want {
				t.Errorf("got:  %v\nwant: %s", err, c.want)
			}
		})
	}
}

// TestAllMistakesAtOnce checks that one error lists all mistakes, one per line.
func TestAllMistakesAtOnce(t *testing.T) {
	_, err := Parse([]byte(`{"Resources":{
		"A":{"Type":"AWS::EC2::Instance"},
		"B":{"Type":"AWS::SQS::Queue","DependsOn":["C","Nothing"],"Properties":{"VisibilityTimeout":"long","Colour":"red","FifoQueue":"perhaps"}},
		"C":{"Type":"AWS::DynamoDB::Table","DependsOn":"B","Properties":{"GlobalSecondaryIndexes":[{"IndexName":"x","Projection":{"Kind":"ALL"}}]}}}}`), options)
	want := `A: the resource type "AWS::EC2::Instance" is not supported by the local cloud
B.DependsOn: there is no resource "Nothing"
B.Properties.Colour: this property is not supported by the local cloud
B.Properties.FifoQueue: takes true or false, not "perhaps"
B.Properties.VisibilityTimeout: takes a whole number, not "long"
B: depends on itself: B -> C -> B
C.Properties.GlobalSecondaryIndexes[0].Projection.Kind: this property is not supported by the local cloud`
	if d := cmp.Diff(want, err.Error()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func FuzzParse(f *testing.F) {
	stack, err := os.ReadFile("testdata/stack.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(stack)
	f.Add([]byte(`{"Resources":{"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Fn::Sub":["${x}",{"x":{"Ref":"A"}}]}}}}}`))
	f.Add([]byte(`{"Conditions":{"A":{"Fn::And":[{"Condition":"A"},1]}},"Resources":{"B":{"Condition":"A","DependsOn":[1]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		stack, err := Parse(data, options)
		if (stack == nil) == (err == nil) {
			t.Errorf("Parse gave %v and %v", stack, err)
		}
	})
}

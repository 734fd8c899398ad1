package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/minim-dev/minim/infra/target"
)

// resourcesOf lists the resources of a template.
func resourcesOf(t *testing.T, text []byte) (ids []string) {
	t.Helper()
	var body struct{ Resources map[string]any }
	if err := json.Unmarshal(text, &body); err != nil {
		t.Fatal(err)
	}
	for id := range body.Resources {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Resources that the first stack may still use are removed after its deployment. Resources that refer to its
// distribution are added then.
func TestEdgeTemplate(t *testing.T) {
	const (
		none     = `{"Resources":{}}`
		delivery = `{"Resources":{"EdgeLog":{"Type":"AWS::Logs::Delivery","Condition":"Distributed"}}}`
		all      = `{"Resources":{"EdgeLog":{"Type":"AWS::Logs::Delivery","Condition":"Distributed"},"Firewall":{"Type":"AWS::WAFv2::WebACL"},"Certificate1":{"Type":"c"}}}`
		moved    = `{"Resources":{"Certificate2":{"Type":"c"}}}`
	)
	for _, test := range []struct {
		name, wanted, deployed, distribution string
		before                               bool
		want                                 []string // nil for no stack
	}{
		{"nothing", none, "", "", true, nil},
		{"nothing but a log, which has no source yet", delivery, "", "", true, nil},
		{"the log", delivery, "", "E1", false, []string{"EdgeLog"}},
		{"all, at first", all, "", "", true, []string{"Certificate1", "EdgeLog", "Firewall"}},
		{"old ones before", moved, all, "E1", true, []string{"Certificate1", "Certificate2", "EdgeLog", "Firewall"}},
		{"old ones after", moved, all, "E1", false, []string{"Certificate2"}},
		{"no longer needed, before", none, all, "E1", true, []string{"Certificate1", "EdgeLog", "Firewall"}},
		{"no longer needed, after", none, all, "E1", false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var deployed []byte
			if test.deployed != "" {
				deployed = []byte(test.deployed)
			}
			text, err := edgeTemplate([]byte(test.wanted), deployed, test.distribution, test.before)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			if text != nil {
				got = resourcesOf(t, text)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("resources %v, want %v", got, test.want)
			}
			if text != nil {
				again, err := edgeTemplate([]byte(test.wanted), text, test.distribution, true)
				if err != nil || string(again) != string(text) {
					t.Errorf("the same once more is another template: %v\n%s\n%s", err, text, again)
				}
			}
		})
	}
	if _, err := edgeTemplate([]byte("{"), nil, "", true); err == nil {
		t.Error("a broken template is taken")
	}
}

func TestEdgeChanges(t *testing.T) {
	o := options{service: "minim", stage: "prod"}
	first := edgeChanges(target.Stack{Name: "minim-prod-us-east-1"}, []byte("{}"), "", o)
	if first.ChangeSetType != types.ChangeSetTypeCreate || first.OnStackFailure != types.OnStackFailureDelete {
		t.Errorf("a new stack: %s, on failure %s", first.ChangeSetType, first.OnStackFailure)
	}
	later := edgeChanges(target.Stack{Name: "minim-prod-us-east-1", Status: types.StackStatusCreateComplete}, []byte("{}"), "E1", o)
	if later.ChangeSetType != types.ChangeSetTypeUpdate || later.OnStackFailure != "" || *later.Parameters[0].ParameterValue != "E1" {
		t.Errorf("a deployed stack: %+v", later)
	}
}

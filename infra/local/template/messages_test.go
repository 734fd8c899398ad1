package template

import (
	"strings"
	"testing"
)

// TestMessages parses the resources for messages, mail and parameters.
func TestMessages(t *testing.T) {
	o := options
	o.Parameter = func(name string) (string, bool) { return "stored " + name, strings.HasPrefix(name, "/stored") }
	stack, err := Parse([]byte(`{"Resources":{
		"Alerts":{"Type":"AWS::SNS::Topic","Properties":{"DisplayName":"Alerts","Subscription":[{"Protocol":"email","Endpoint":"me@minim.example"}]}},
		"Mailed":{"Type":"AWS::SNS::Subscription","Properties":{"TopicArn":{"Ref":"Alerts"},"Protocol":"sqs","Endpoint":"arn:aws:sqs:us-east-1:000000000000:q",
			"RawMessageDelivery":"true","FilterPolicy":{"kind":["a",{"prefix":"b"}]},"FilterPolicyScope":"MessageBody"}},
		"AlertsPolicy":{"Type":"AWS::SNS::TopicPolicy","Properties":{"Topics":[{"Ref":"Alerts"}],"PolicyDocument":{}}},
		"Sender":{"Type":"AWS::SES::EmailIdentity","Properties":{"EmailIdentity":"minim.example"}},
		"Greeting":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/minim/greeting","Type":"String","Value":"hello"}},
		"Other":{"Type":"AWS::SSM::Parameter","Properties":{"Type":"String","Value":"{{resolve:ssm:/minim/greeting}}, {{resolve:ssm:/stored/x:3}}"}}},
		"Outputs":{"A":{"Value":{"Fn::GetAtt":["Alerts","TopicName"]}},"B":{"Value":{"Fn::GetAtt":["Sender","DkimDNSTokenName1"]}},"C":{"Value":{"Fn::GetAtt":["Greeting","Value"]}}}}`), o)
	if err != nil {
		t.Fatal(err)
	}
	const topic = "arn:aws:sns:us-east-1:000000000000:minim-local-Alerts"
	for _, v := range Of[Topic](stack) {
		if v.ARN() != topic || v.Subscription[0].Endpoint != "me@minim.example" {
			t.Errorf("topic: %+v", v)
		}
	}
	for _, v := range Of[Subscription](stack) {
		if v.TopicArn != topic || !v.RawMessageDelivery || string(v.FilterPolicy) != `{"kind":["a",{"prefix":"b"}]}` || v.ref() != topic+":Mailed" {
			t.Errorf("subscription: %+v", v)
		}
	}
	values := map[string]string{}
	for _, v := range Of[Parameter](stack) {
		values[v.Name] = v.Value
	}
	if values["/minim/greeting"] != "hello" || values["minim-local-Other"] != "hello, stored /stored/x:3" {
		t.Errorf("parameters: %v", values)
	}
}

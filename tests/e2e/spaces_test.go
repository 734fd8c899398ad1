package e2e

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
)

// in is the header of a page of the site that uses a space.
func in(id string) http.Header {
	return http.Header{"Sec-Fetch-Site": {"same-origin"}, space.Header: {id}}
}

// space creates a space with the role for the person of a session, as if somebody else had invited them.
func (m *matrix) space(live string, role space.Role) string {
	header := http.Header{"Cookie": {session.Cookie + "=" + live}, "Sec-Fetch-Site": {"same-origin"}}
	got := m.send(http.MethodPost, "/api/spaces", header, `{"name":"Shop of `+string(role)+`s"}`)
	var made struct {
		ID      string
		Members []struct{ Person string }
	}
	if err := json.Unmarshal(got.body, &made); err != nil || got.status != http.StatusCreated {
		m.Fatalf("create a space: %d %s", got.status, got.body)
	}
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	if _, err := m.db.UpdateItem(m.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("minim-local-spaces"), Key: map[string]types.AttributeValue{"space": text(made.ID), "item": text("member#" + made.Members[0].Person)},
		UpdateExpression: aws.String("SET #role = :role"), ConditionExpression: aws.String("attribute_exists(#role)"),
		ExpressionAttributeNames: map[string]string{"#role": "role"}, ExpressionAttributeValues: map[string]types.AttributeValue{":role": text(string(role))},
	}); err != nil {
		m.Fatal(err)
	}
	return made.ID
}

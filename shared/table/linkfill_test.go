package table_test

import (
	"crypto/rand"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

// TestFill finds a link by a word after its entries have been written; it has none at first,
// like links that are older than the index.
func TestFill(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	owner, code := rand.Text(), rand.Text()
	text := func(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }
	number := func(value string) types.AttributeValue { return &types.AttributeValueMemberN{Value: value} }
	for _, item := range []map[string]types.AttributeValue{
		{"code": text(code), "id": text("l." + code), "url": text("https://example.com/menu"), "owner": text(owner), "redirect": number("302"),
			"version": number("1"), "createdAt": text("2026-11-21T03:00:00.000Z"), "updatedAt": text("2026-11-21T03:00:00.000Z")},
		{"code": text(code + "-old"), "id": text("l." + code), "alias": text(code)},
	} {
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("minim-local-links"), Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	query := link.Query{Words: []string{"menu"}, Sort: link.ByCreated}
	found := func(want int) {
		t.Helper()
		got, _, err := linkList(db).Page(t.Context(), owner, query, "", 10, morning)
		if err != nil || len(got) != want {
			t.Errorf("%d links, %v, want %d", len(got), err, want)
		}
	}
	found(0)
	filler := table.NewLinkFiller(db, "minim-local-links", "minim-local-link-index")
	for range 2 { // again, it changes nothing
		filled, after := 0, ""
		for {
			n, next, err := filler.Fill(t.Context(), after, 7)
			if err != nil || n > 7 {
				t.Fatalf("%d, %v", n, err)
			}
			if filled += n; next == "" {
				break
			}
			after = next
		}
		if filled == 0 {
			t.Error("no link was filled")
		}
		found(1)
	}
}

package table_test

import (
	"bytes"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/table"
)

// TestSalts checks that all environments get the same salt of a day, another one the day after,
// and that the one before is gone then.
func TestSalts(t *testing.T) {
	db := table.Client(envtest.AWS(t, "DYNAMODB"))
	there := func(day string) bool {
		t.Helper()
		out, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: aws.String("minim-local-salts"), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: day}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Item != nil
	}
	random := make([]byte, 2)
	rand.Read(random)
	first := time.Now().UTC().AddDate(1, 0, int(random[0])*256+int(random[1])) // its TTL is not over
	salts := map[string][]byte{}
	for _, at := range []time.Time{first, first.AddDate(0, 0, 1)} {
		day := at.Format(time.DateOnly)
		all := make([][]byte, 8)
		var wait sync.WaitGroup
		for n := range all {
			wait.Go(func() {
				var err error
				if all[n], err = table.NewSalts(db, "minim-local-salts").Of(t.Context(), day); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, salt := range all {
			if len(salt) != 32 || !bytes.Equal(salt, all[0]) {
				t.Errorf("salts %x and %x", salt, all[0])
			}
		}
		salts[day] = all[0]
	}
	if before, after := first.Format(time.DateOnly), first.AddDate(0, 0, 1).Format(time.DateOnly); bytes.Equal(salts[before], salts[after]) || there(before) || !there(after) {
		t.Errorf("salts %x, the day before there: %t, the day there: %t", salts, there(before), there(after))
	}
	if _, err := table.NewSalts(db, "minim-local-salts").Of(t.Context(), "today"); err == nil {
		t.Error("a day that is none has a salt")
	}
}

package table_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
)

func TestStatsOfUnknownLink(t *testing.T) {
	_, stats, _ := clicks(t)
	code := rand.Text()
	if total, err := stats.Total(t.Context(), code); total != 0 || err != nil {
		t.Errorf("total %d, %v", total, err)
	}
	if days, err := stats.Days(t.Context(), code, morning, morning.AddDate(1, 0, 0)); len(days) != 0 || err != nil {
		t.Errorf("days %v, %v", days, err)
	}
	if hours, err := stats.Hours(t.Context(), code, morning, morning); len(hours) != 0 || err != nil {
		t.Errorf("hours %v, %v", hours, err)
	}
}

// TestShards reads counters that a crowd has spread over several items.
func TestShards(t *testing.T) {
	store, stats, db := clicks(t)
	code := rand.Text()
	group := []click.Click{newClick(code, morning), newClick(code, morning.Add(time.Minute))}
	if err := store.Count(t.Context(), group); err != nil {
		t.Fatal(err)
	}
	found, err := db.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("minim-local-stats"), KeyConditionExpression: aws.String("code = :code"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":code": &types.AttributeValueMemberS{Value: code}},
	})
	if err != nil || len(found.Items) != 3 {
		t.Fatalf("%d items, %v", len(found.Items), err)
	}
	for _, item := range found.Items {
		bucket := item["bucket"].(*types.AttributeValueMemberS).Value
		delete(item, "ownerDay") // only the first shard is in the index
		for _, shard := range []string{"~03", "~15"} {
			item["bucket"] = &types.AttributeValueMemberS{Value: bucket + shard}
			if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("minim-local-stats"), Item: item}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if total, err := stats.Total(t.Context(), code); total != 6 || err != nil {
		t.Errorf("total %d, %v", total, err)
	}
	today := morning.Truncate(24 * time.Hour)
	hours, err := stats.Hours(t.Context(), code, today, today.AddDate(0, 0, 1))
	if diff := cmp.Diff([]click.HourCount{{At: morning.Truncate(time.Hour), Clicks: 6}}, hours); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	for what, read := range map[string]func() ([]click.DayCount, error){
		"days": func() ([]click.DayCount, error) { return stats.Days(t.Context(), code, today, today.AddDate(0, 0, 1)) },
		"day of the owner": func() (days []click.DayCount, err error) {
			days, _, err = stats.OwnerDay(t.Context(), group[0].Owner, morning, "")
			return days, err
		},
	} {
		days, err := read()
		if err != nil || len(days) != 1 || days[0].Clicks != 6 || days[0].Names[click.Country]["DE"] != 6 {
			t.Errorf("%s: %+v, %v", what, days, err)
		}
	}
}

func TestRangesEndBeforeTo(t *testing.T) {
	store, stats, _ := clicks(t)
	code := rand.Text()
	today := morning.Truncate(24 * time.Hour)
	for _, after := range []time.Duration{-time.Millisecond, 0, 59 * time.Minute, time.Hour, 24 * time.Hour} {
		if err := store.Count(t.Context(), []click.Click{newClick(code, today.Add(after))}); err != nil {
			t.Fatal(err)
		}
	}
	hours, err := stats.Hours(t.Context(), code, today, today.Add(time.Hour))
	if diff := cmp.Diff([]click.HourCount{{At: today, Clicks: 2}}, hours); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	hours, err = stats.Hours(t.Context(), code, today.Add(time.Millisecond), today.Add(time.Hour+time.Millisecond))
	if diff := cmp.Diff([]click.HourCount{{At: today.Add(time.Hour), Clicks: 1}}, hours); diff != "" || err != nil {
		t.Errorf("%v, (-want +got)\n%s", err, diff)
	}
	days, err := stats.Days(t.Context(), code, today, today.AddDate(0, 0, 1))
	if err != nil || len(days) != 1 || days[0].Clicks != 3 || !days[0].Day.Equal(today) {
		t.Errorf("days %+v, %v", days, err)
	}
}

func TestOwnerDayPages(t *testing.T) {
	store, stats, _ := clicks(t)
	prefix, owner := rand.Text(), rand.Text()
	for n := range 12 {
		var group []click.Click
		for range n%4 + 1 {
			c := newClick(fmt.Sprintf("%s%d", prefix, n), morning)
			c.Owner = owner
			group = append(group, c)
		}
		group = append(group, group[0]) // a repeated message in one group would be refused: Groups drops it
		if err := store.Count(t.Context(), click.Groups(group, len(group))[group[0].Code][0]); err != nil {
			t.Fatal(err)
		}
	}
	days, next, err := stats.OwnerDay(t.Context(), owner, morning, "")
	if err != nil || next != "" || len(days) != 12 {
		t.Fatalf("%d links, next %q, %v", len(days), next, err)
	}
	for n := range days[1:] {
		if days[n].Clicks < days[n+1].Clicks || days[n].Owner != owner {
			t.Errorf("%+v before %+v", days[n], days[n+1])
		}
	}
	rest, _, err := stats.OwnerDay(t.Context(), owner, morning, fmt.Sprintf("%d#%s", days[4].Clicks, days[4].Code))
	if diff := cmp.Diff(days[5:], rest); diff != "" || err != nil {
		t.Errorf("%v, after the fifth (-want +got)\n%s", err, diff)
	}
	if other, _, err := stats.OwnerDay(t.Context(), owner, morning.AddDate(0, 0, 1), ""); len(other) != 0 || err != nil {
		t.Errorf("the day after: %+v, %v", other, err)
	}
	if _, _, err := stats.OwnerDay(t.Context(), owner, morning, "x"); !fault.Is(err, fault.Invalid) {
		t.Errorf("bad position: %v", err)
	}
}

package table

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"gopkg.in/yaml.v3"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/link"
)

// size is the length of an item as DynamoDB counts it.
func size(item map[string]types.AttributeValue) (bytes int) {
	for name, value := range item {
		bytes += len(name) + valueSize(value)
	}
	return bytes
}

func valueSize(value types.AttributeValue) int {
	switch value := value.(type) {
	case *types.AttributeValueMemberS:
		return len(value.Value)
	case *types.AttributeValueMemberN:
		return (len(value.Value)+1)/2 + 1
	case *types.AttributeValueMemberL:
		bytes := 3
		for _, each := range value.Value {
			bytes += 1 + valueSize(each)
		}
		return bytes
	case *types.AttributeValueMemberM:
		return 3 + len(value.Value) + size(value.Value)
	default:
		return 1
	}
}

// TestSizes: what make cost takes for the sizes of items is what typical ones have.
func TestSizes(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	must := func(item map[string]types.AttributeValue, err error) int {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return size(item)
	}
	l := link.Link{ID: link.NewID(now), Code: "AbC3dE9f", URL: "https://www.example.com/" + strings.Repeat("a", 96), Owner: "marketing", Title: "The catalogue of this autumn", Tags: []string{"print", "autumn"},
		Redirect: 302, Version: 1, CreatedAt: now, UpdatedAt: now}
	visit := click.Click{ID: strings.Repeat("i", 32), Link: l.ID, Code: l.Code, Owner: l.Owner, At: now, Country: "DE", City: "Düsseldorf", Referrer: "www.example.com",
		Browser: "Chrome", System: "Android", Device: "phone"}
	record := IdempotencyRecord{Owner: l.Owner, Key: "k", Request: strings.Repeat("0", 64), Status: 201, Body: strings.Repeat("b", 450),
		Headers: map[string]string{"location": "/api/links/" + l.Code, "etag": `"1"`, "content-type": "application/json"}}
	put, err := putRecord("idempotency", record, now)
	if err != nil {
		t.Fatal(err)
	}
	sha := strings.Repeat("0", 64)
	img := image.Image{ID: strings.Repeat("i", 26), Owner: l.Owner, Status: image.Pending, Version: 1, Created: now, Modified: now,
		Upload: image.Upload{Filename: "IMG_20261121_120000.jpg", ContentType: "image/jpeg", Bytes: 4e6, SHA256: sha, Alt: "A cat on a wall in the sun"}}
	content := image.Content{Type: image.JPEG, Width: 4032, Height: 3024, Color: "#112233", Placeholder: strings.Repeat("L", 28), ThumbHash: strings.Repeat("t", 32)}
	for _, name := range []string{"w320", "w640", "w1280", "w1920", "card", "square"} {
		content.Variants = append(content.Variants, image.Variant{Name: name, Key: "i/" + sha + "/r7/" + name + ".jpg", Type: image.JPEG, Width: 1280, Height: 960, Bytes: 150e3})
	}
	mapped := contentOf(content)
	encoded, err := attributevalue.Marshal(mapped)
	if err != nil {
		t.Fatal(err)
	}
	day := counterKey(l.ID, 0, dayBucket(now))
	day[ownerDayAttribute] = textValue(ownerDay(l.Owner, now))
	total := counterKey(l.ID, 0, totalBucket)
	total[ownerAttribute], total[clicksAttribute] = textValue(l.Owner), numberValue(1000)
	made := idKey(contentID(sha, "r7"))
	made["content"], made["pictures"] = encoded, numberValue(1)
	ready, err := newItem(img)
	if err != nil {
		t.Fatal(err)
	}
	pending := size(ready)
	delete(ready, "shelf")
	delete(ready, "due")
	ready["content"], ready["recipe"] = encoded, textValue("r7")
	ready["recipes"] = &types.AttributeValueMemberL{Value: []types.AttributeValue{textValue("r7")}}

	source, err := os.ReadFile(filepath.Join("..", "..", "infra", "cost", "sizes.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]float64
	if err := yaml.Unmarshal(source, &want); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{
		"click": size((&Clicks{keep: 90 * 24 * time.Hour}).put(visit).Item), "total": size(total), "dayEntry": size(day), "link": must(encodeLink(l)),
		"idempotency": size(put.Item), "imagePending": pending, "image": size(ready), "content": size(made),
	}
	if len(want) != len(got) {
		t.Errorf("there are sizes of %d items, want %d", len(want), len(got))
	}
	for name, bytes := range got {
		if math.Abs(want[name]-float64(bytes)) > 0.1*float64(bytes) {
			t.Errorf("%s has %d bytes, infra/cost/sizes.yml says %v", name, bytes, want[name])
		}
	}
}

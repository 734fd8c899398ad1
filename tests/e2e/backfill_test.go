package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const anImage = `photo one 400x300 orientation 1

POST /api/images
< {"filename": "one.jpg", "contentType": "image/jpeg", "bytes": ${one.bytes}, "sha256": "${one.sha256}"}
set ID json .id
set UPLOAD json .upload

send one to UPLOAD

GET /api/images/$ID
within 60s
json .status == ready
set FILE json .variants.0.url
`

// TestBackfill creates images with an older recipe, and has them recreated.
func TestBackfill(t *testing.T) {
	if testing.Short() || os.Getenv("BASE_URL") != "" {
		t.Skip("needs a local cloud of its own: make test")
	}
	t.Parallel()
	c := start(t, t.TempDir(), nil)
	key, err := c.key(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	r := &run{t: t, base: c.base, cloud: c, variables: map[string]string{"KEY": key, "BASE": c.base}, files: map[string][]byte{}}
	play := func(script string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), "script.txt")
		if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		steps, err := parse(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			r.step(s)
		}
	}
	for range 2 {
		play(anImage)
		age(t, c, r.variables["ID"])
	}
	output := backfill(t, c)
	for _, wanted := range []string{"checked 2 images, recreating 2", "2 of 2 done", "all images have the current recipe"} {
		if !strings.Contains(output, wanted) {
			t.Errorf("it does not print %q:\n%s", wanted, output)
		}
	}
	play("GET /api/images/$ID\njson .status == ready\njson .variants.0.url == $FILE\n\nGET $FILE\nstatus == 200\n")
	if output := backfill(t, c); !strings.Contains(output, "checked 2 images, recreating 0") {
		t.Errorf("the second time it prints:\n%s", output)
	}
}

// age changes an image into one with an older recipe.
func age(t *testing.T, c *cloud, id string) {
	t.Helper()
	endpoints, err := c.endpoints()
	if err != nil {
		t.Fatal(err)
	}
	db := dynamodb.New(dynamodb.Options{
		Region:       endpoints["AWS_REGION"],
		BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_DYNAMODB"]),
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	_, err = db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String("minim-local-images"),
		Key:                       map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
		UpdateExpression:          aws.String("SET recipe = :old"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":old": &types.AttributeValueMemberS{Value: "00000000"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func backfill(t *testing.T, c *cloud) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "make", "--no-print-directory", "backfill-images", "STATE="+c.state)
	command.Dir, command.Env = "../..", withoutMake(os.Environ())
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return string(output)
}

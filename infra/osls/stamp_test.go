package osls

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestStamp(t *testing.T) {
	folder := t.TempDir()
	state, template := filepath.Join(folder, "serverless-state.json"), filepath.Join(folder, "template.json")
	put := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(state, `{"artifactDirectoryName": "serverless/minim/dev/1795241459062-2026-11-21T06:10:59.062Z"}`)
	put(template, `{"S3Key": "serverless/minim/dev/1795241459062-2026-11-21T06:10:59.062Z/health.zip", "Other": "2026-11-21T06:10:59.062Z"}`)
	for _, test := range []struct {
		at   time.Time
		want string
	}{
		{time.Time{}.AddDate(1969, 0, 0), "0-1970-01-01T00:00:00.000Z"},
		{time.Date(2026, 11, 22, 8, 0, 0, 123456789, time.FixedZone("", 3600)), "1795330800123-2026-11-22T07:00:00.123Z"},
	} {
		if err := stamp(folder, test.at); err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]string{
			state:    `{"artifactDirectoryName": "serverless/minim/dev/` + test.want + `"}`,
			template: `{"S3Key": "serverless/minim/dev/` + test.want + `/health.zip", "Other": "2026-11-21T06:10:59.062Z"}`,
		} {
			if got, err := os.ReadFile(path); err != nil || string(got) != want {
				t.Errorf("%s is\n%s, want\n%s (%v)", filepath.Base(path), got, want, err)
			}
		}
	}
}

func TestStampNothing(t *testing.T) {
	if err := stamp(t.TempDir(), time.Now()); err == nil || !strings.Contains(err.Error(), "no compiled stack") {
		t.Errorf("err = %v", err)
	}
}

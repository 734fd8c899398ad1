package env_test

import (
	"strings"
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/env"
)

type settings struct {
	Table   string        `env:"T_TABLE"`
	Size    int           `env:"T_SIZE" default:"7"`
	Seed    uint64        `env:"T_SEED" default:"1"`
	Wait    time.Duration `env:"T_WAIT" default:"2s"`
	Verbose bool          `env:"T_VERBOSE" default:"false"`
	URL     string        `env:"T_URL" default:""`
}

func TestLoad(t *testing.T) {
	t.Setenv("T_TABLE", "links")
	t.Setenv("T_SEED", "99")
	t.Setenv("T_VERBOSE", "true")
	var got settings
	if err := env.Load(&got); err != nil {
		t.Fatal(err)
	}
	want := settings{Table: "links", Size: 7, Seed: 99, Wait: 2 * time.Second, Verbose: true}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestLoadTellsEveryMistake(t *testing.T) {
	t.Setenv("T_SIZE", "many")
	t.Setenv("T_SEED", "-1")
	t.Setenv("T_WAIT", "soon")
	t.Setenv("T_VERBOSE", "perhaps")
	err := env.Load(&settings{})
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"T_TABLE", "T_SIZE", "T_SEED", "T_WAIT", "T_VERBOSE"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not in %q", name, err)
		}
	}
	if strings.Contains(err.Error(), "perhaps") {
		t.Errorf("the error contains a value: %q", err)
	}
}

func TestLoadWantsAPointerToAStruct(t *testing.T) {
	for _, wrong := range []any{settings{}, new(int), nil} {
		if err := env.Load(wrong); err == nil {
			t.Errorf("Load(%T) took it", wrong)
		}
	}
}

func TestAWS(t *testing.T) {
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	t.Setenv("AWS_ENDPOINT_URL_SQS", "http://127.0.0.1:2")
	t.Setenv("AWS_ENDPOINT_URL_S3", "")
	if cfg := env.AWS("SQS"); cfg.Region != "eu-central-1" || *cfg.BaseEndpoint != "http://127.0.0.1:2" {
		t.Errorf("SQS: %s %s", cfg.Region, *cfg.BaseEndpoint)
	}
	if cfg := env.AWS("S3"); *cfg.BaseEndpoint != "http://127.0.0.1:1" {
		t.Errorf("S3: %s", *cfg.BaseEndpoint)
	}
}

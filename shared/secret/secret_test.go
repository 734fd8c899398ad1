package secret_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/minim-dev/minim/shared/env/envtest"
	"github.com/minim-dev/minim/shared/secret"
)

func TestSecrets(t *testing.T) {
	const id = "minim-local-edge-key"
	secrets := secret.New(envtest.AWS(t, "SECRETS_MANAGER"))
	before, first, err := secrets.Read(t.Context(), id)
	if err != nil || !strings.Contains(before, `"current"`) {
		t.Fatalf("read %d characters: %v", len(before), err)
	}
	version, err := secrets.Write(t.Context(), id, before+" ")
	if err != nil || version == "" || version == first {
		t.Fatalf("wrote version %q: %v", version, err)
	}
	if after, now, err := secrets.Read(t.Context(), id); err != nil || after != before+" " || now != version {
		t.Errorf("read what is not what was written: %v", err)
	}
	if _, _, err := secrets.Read(t.Context(), "minim-local-nothing"); !errors.Is(err, secret.ErrNotFound) || !strings.Contains(err.Error(), "minim-local-nothing") {
		t.Errorf("a secret that is not there: %v", err)
	}
}

package key_test

import (
	"testing"
	"time"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

func secretOf(t *testing.T, token string) string {
	t.Helper()
	_, secret, ok := key.Parse(token)
	if !ok {
		t.Fatalf("%q is no token", token)
	}
	return secret
}

func TestRotate(t *testing.T) {
	k, token, err := key.New("me", []key.Scope{key.Admin}, now)
	if err != nil {
		t.Fatal(err)
	}
	first := secretOf(t, token)
	rotated, token, err := key.Rotation{}.Rotate(k, now)
	if err != nil {
		t.Fatal(err)
	}
	second := secretOf(t, token)
	if rotated.ID != k.ID || !rotated.FormerUntil(now).Equal(now.Add(key.Overlap)) || len(k.Former) != 0 || !k.Admits(first, now) {
		t.Errorf("got %+v from %+v", rotated, k)
	}
	end := now.Add(key.Overlap)
	for _, test := range []struct {
		secret string
		at     time.Time
		want   bool
	}{
		{first, end.Add(-time.Millisecond), true}, {first, end, false}, {second, now, true}, {second, end, true}, {"x", now, false},
	} {
		if got := rotated.Admits(test.secret, test.at); got != test.want {
			t.Errorf("%s at %s: %t", test.secret, test.at, got)
		}
	}
	if !rotated.FormerUntil(end).IsZero() {
		t.Errorf("until %s", rotated.FormerUntil(end))
	}
	expired, disabled := rotated, rotated
	expired.ExpiresAt, disabled.Disabled = now, true
	if expired.Admits(first, now) || disabled.Admits(first, now) {
		t.Error("a key that has ended admits a secret from before its rotation")
	}

	again, token, err := key.Rotation{OverlapHours: new(0)}.Rotate(rotated, now)
	third := secretOf(t, token)
	if err != nil || again.Admits(first, now) || again.Admits(second, now) || !again.Admits(third, now) || len(rotated.Former) != 1 {
		t.Errorf("without an overlap: %+v, %v", again, err)
	}
}

// TestRotateOften: the secret that programs use works until its time, also if answers to rotations get lost; but a
// key does not collect secrets.
func TestRotateOften(t *testing.T) {
	k, token, _ := key.New("me", []key.Scope{key.Admin}, now)
	first := secretOf(t, token)
	for n := range 5 {
		var err error
		if k, _, err = (key.Rotation{}).Rotate(k, now.Add(time.Duration(n)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if !k.Admits(first, now.Add(key.Overlap-time.Second)) || k.Admits(first, now.Add(key.Overlap)) {
		t.Error("the first secret does not end after its overlap")
	}
	if _, token, err := (key.Rotation{}).Rotate(k, now.Add(time.Hour)); !fault.Is(err, fault.Conflict) || token != "" {
		t.Errorf("one more: %v", err)
	}
	later, _, err := key.Rotation{}.Rotate(k, now.Add(key.Overlap))
	if err != nil || len(later.Former) != 5 {
		t.Errorf("a day later: %d secrets from before, %v", len(later.Former), err)
	}
	if _, _, err := (key.Rotation{OverlapHours: new(0)}).Rotate(k, now.Add(time.Hour)); err != nil {
		t.Errorf("one that ends all others: %v", err)
	}
}

func TestRotationRefuses(t *testing.T) {
	k, _, _ := key.New("me", []key.Scope{key.Admin}, now)
	for _, hours := range []int{-1, 721, 1 << 60} {
		if _, token, err := (key.Rotation{OverlapHours: &hours}).Rotate(k, now); !fault.Is(err, fault.Invalid) || token != "" {
			t.Errorf("%d hours: %v", hours, err)
		}
	}
	if rotated, _, err := (key.Rotation{OverlapHours: new(720)}).Rotate(k, now); err != nil || !rotated.FormerUntil(now).Equal(now.Add(30*24*time.Hour)) {
		t.Errorf("30 days: %+v, %v", rotated, err)
	}
}

package table_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/image"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
)

// losing returns a client of DynamoDB Local that loses the first answer to each
// write: it is done, then the connection is cut. Lost returns how many were.
func losing(t *testing.T) (db *dynamodb.Client, lost func() int) {
	t.Helper()
	var mu sync.Mutex
	seen := map[string]bool{}
	db = between(t, func(w http.ResponseWriter, r *http.Request, through http.Handler) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		write := writeOf(r, body)
		mu.Lock()
		first := write != "" && !seen[write]
		seen[write] = true
		mu.Unlock()
		if !first {
			through.ServeHTTP(w, r)
			return
		}
		done := httptest.NewRecorder()
		through.ServeHTTP(done, r)
		if done.Code != http.StatusOK { // a refusal is an answer
			w.Header().Set("Content-Type", done.Header().Get("Content-Type"))
			w.WriteHeader(done.Code)
			_, _ = done.Body.WriteTo(w)
			return
		}
		panic(http.ErrAbortHandler)
	})
	db = dynamodb.New(db.Options(), func(o *dynamodb.Options) { o.Retryer = retry.AddWithMaxBackoffDelay(o.Retryer, time.Millisecond) })
	return db, func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(seen) - 1 // without reads
	}
}

// writeOf identifies a write and its repetitions: a transaction by its token,
// another one by the SDK's number for all attempts of a call. It is "" for reads.
func writeOf(r *http.Request, body []byte) string {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "TransactWriteItems":
		var request struct{ ClientRequestToken string }
		_ = json.Unmarshal(body, &request)
		return request.ClientRequestToken
	case "PutItem", "UpdateItem", "DeleteItem":
		return r.Header.Get("Amz-Sdk-Invocation-Id")
	}
	return ""
}

// step is a write whose first answer gets lost.
type step struct {
	name string
	do   func() error
}

// check runs steps in order. Each must lose an answer, and succeed.
func check(t *testing.T, lost func() int, steps ...step) {
	t.Helper()
	for _, s := range steps {
		before := lost()
		if err := s.do(); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if lost() == before {
			t.Errorf("%s: no answer was lost", s.name)
		}
	}
}

// TestLostAnswersOfLinks: a request that created its link, key or claim does not
// take it for another one's when the answer gets lost.
func TestLostAnswersOfLinks(t *testing.T) {
	db, lost := losing(t)
	ctx, l := t.Context(), newLink(morning)
	maker, keys, reports := table.NewLinkMaker(db, "minim-local-links", "minim-local-idempotency", "minim-local-link-index"),
		table.NewAPIKeys(db, "minim-local-keys"), table.NewReports(db, "minim-local-reports")
	made, _, err := key.New("me", []key.Scope{key.LinksRead}, morning)
	if err != nil {
		t.Fatal(err)
	}
	s := summary(rand.Text(), "2026-11-20", morning, 9)
	s.Files = rand.Text()
	mine := func() error {
		mine, err := reports.ClaimMail(ctx, s.ID)
		if err == nil && !mine {
			t.Error("the claim on a mail is taken for another one's")
		}
		return err
	}
	record := table.IdempotencyRecord{Owner: "me", Key: rand.Text(), Request: "r", Status: 201}
	code := rand.Text()
	check(t, lost,
		step{"make", func() error { return maker.Make(ctx, l, record) }},
		step{"create key", func() error { return keys.Create(ctx, made) }},
		step{"put report", func() error {
			recorded, err := reports.Put(ctx, s)
			if err == nil && !recorded {
				t.Error("the report is taken for another one")
			}
			return err
		}},
		step{"claim", mine},
		step{"return", func() error { return reports.ReturnMail(ctx, s.ID) }},
		step{"claim again", mine},
		step{"count", func() error {
			_, err := table.NewClicks(db, "minim-local-clicks", "minim-local-stats", keep).Count(ctx, []click.Click{newClick(code, morning), newClick(code, morning)})
			return err
		}})
	if mine, err := reports.ClaimMail(ctx, s.ID); mine || err != nil {
		t.Errorf("a second claim: %t, %v", mine, err)
	}
	if err := maker.Make(ctx, l, table.IdempotencyRecord{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the same code again: %v", err)
	}
	if total, err := table.NewStats(db, "minim-local-stats").Total(ctx, code); total != 2 || err != nil {
		t.Errorf("counted %d, %v", total, err)
	}
}

// TestLostAnswersOfImages: so it is with everything that happens to an image.
func TestLostAnswersOfImages(t *testing.T) {
	db, lost := losing(t)
	store, contents := table.NewImages(db, "minim-local-images"), table.NewContents(db, "minim-local-images")
	linked := table.NewImageLinks(db, "minim-local-images", "minim-local-links", "minim-local-link-index")
	ctx, i, withLink, failed := t.Context(), newImage("me", morning), newImage("me", morning), newImage("me", morning)
	withLink.Upload.Code = rand.Text()
	held := claim(i.Upload.SHA256, "maker")
	ready := i
	ready.Status, ready.Content, ready.Recipe, ready.Recipes = image.Ready, someContent(), held.Recipe, []string{held.Recipe}
	now := func() image.Image { return get(t, store, i.ID) }
	check(t, lost,
		step{"create", func() error { return store.Create(ctx, i) }},
		step{"create with a link", func() error {
			return linked.Create(ctx, withLink, withLink.Link("https://mini.example", link.NewID(morning)))
		}},
		step{"lead", func() error {
			return linked.Lead(ctx, withLink.Upload.Code, withLink.ID, "https://mini.example/i/x", morning)
		}},
		step{"drop", func() error { return linked.Drop(ctx, withLink.Upload.Code, withLink.ID, morning) }},
		step{"create another", func() error { return store.Create(ctx, failed) }},
		step{"refuse", func() error { return store.Refuse(ctx, refused(failed)) }},
		step{"begin", func() error { return store.Begin(ctx, i.ID, morning) }},
		step{"claim", func() error { _, _, err := contents.Claim(ctx, held, morning); return err }},
		step{"finish content", func() error { return contents.Finish(ctx, held, someContent()) }},
		step{"finish", func() error { return store.Finish(ctx, ready) }},
		step{"edit", func() error { edited := now(); edited.Renewing = true; return store.Edit(ctx, edited) }},
		step{"renew", func() error { renewed := now(); renewed.Renewing = false; return store.Renew(ctx, now(), renewed) }},
		step{"delete", func() error { return store.Delete(ctx, now(), morning.Add(time.Minute)) }},
		step{"claim for deletion", func() error {
			later := morning.Add(time.Hour)
			claimed, err := contents.ClaimForDeletion(ctx, image.Claim{SHA256: held.SHA256, Recipe: held.Recipe, Token: "sweep", Until: later}, later)
			if !claimed {
				t.Error("a content that nobody uses is not claimed: it was left twice, or never")
			}
			return err
		}})
	if got := get(t, store, failed.ID); got.Status != image.Failed || got.Version != 2 {
		t.Errorf("refused: %s, version %d", got.Status, got.Version)
	}
	if got := now(); got.Status != image.Deleted || got.Version != 6 {
		t.Errorf("deleted: %s, version %d, want 6: some change was made twice", got.Status, got.Version)
	}
}

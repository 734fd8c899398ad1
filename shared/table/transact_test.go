package table_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/minim-dev/minim/shared/click"
	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/space"
	"github.com/minim-dev/minim/shared/table"
)

// answer is what a fake DynamoDB answers to a transaction.
type answer struct {
	status int
	body   string
	cut    bool  // within the body
	err    error // instead of an answer
}

// fakeTable answers transactions in this process, so that its tests run in
// virtual time. Other requests get the answers in others, then empty objects.
type fakeTable struct {
	answer func(asked, writes int) answer // asked counts from 0
	tokens []string                       // of the transactions
	others []answer
}

func (f *fakeTable) Do(r *http.Request) (*http.Response, error) {
	given := answer{status: http.StatusOK, body: `{}`}
	if transaction(r) {
		var request struct {
			TransactItems      []json.RawMessage
			ClientRequestToken string
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			return nil, err
		}
		given = f.answer(len(f.tokens), len(request.TransactItems))
		f.tokens = append(f.tokens, request.ClientRequestToken)
	} else if len(f.others) > 0 {
		given, f.others = f.others[0], f.others[1:]
	}
	if given.err != nil {
		return nil, given.err
	}
	var body io.Reader = strings.NewReader(given.body)
	if given.cut {
		body = io.MultiReader(strings.NewReader(given.body[:len(given.body)-1]), cutReader{})
	}
	return &http.Response{
		StatusCode: given.status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(body), ContentLength: int64(len(given.body)), Request: r,
	}, nil
}

// cutReader is the end of a connection that was cut.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (f *fakeTable) client() *dynamodb.Client {
	cfg := aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	return dynamodb.New(table.Client(cfg).Options(), func(o *dynamodb.Options) { o.HTTPClient = f })
}

// exception is an answer without cancellation reasons.
func exception(status int, name string) answer {
	return answer{status: status, body: `{"__type":"com.amazonaws.dynamodb.v20120810#` + name + `","message":"no"}`}
}

// transaction reports whether a request is a transaction.
func transaction(r *http.Request) bool {
	return strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems")
}

// cancelled is the answer to a transaction, with the code of each of its writes.
func cancelled(codes ...string) string {
	reasons := make([]string, len(codes))
	for i, code := range codes {
		reasons[i] = `{"Code":"` + code + `"}`
	}
	return `{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","message":"no","CancellationReasons":[` + strings.Join(reasons, ",") + `]}`
}

// reason cancels a transaction because of one of its writes.
func reason(code string, at, writes int) answer {
	codes := slices.Repeat([]string{"None"}, writes)
	codes[at] = code
	return answer{status: http.StatusBadRequest, body: cancelled(codes...)}
}

// caller is a function that writes a transaction. Refused lists what it returns when the
// condition of each of its writes fails: "" for nil, "retried", or a part of the error.
type caller struct {
	call    func(ctx context.Context, db *dynamodb.Client) error
	refused []string
}

// callers are all functions of this package that call transact, by their names.
func callers() map[string]caller {
	i := newImage("me", morning)
	i.Recipe, i.Recipes, i.Content, i.Refusal = "r", []string{"r"}, someContent(), refused(i).Refusal
	renewed := i
	renewed.Recipes = []string{"s"}
	group := []click.Click{newClick("a", morning), newClick("a", morning)}
	record := table.IdempotencyRecord{Owner: "me", Key: "k", Request: "r", Status: 201}
	images := func(call func(context.Context, *table.Images) error) func(context.Context, *dynamodb.Client) error {
		return func(ctx context.Context, db *dynamodb.Client) error { return call(ctx, table.NewImages(db, "images")) }
	}
	spaces := func(call func(context.Context, *table.Spaces) error) func(context.Context, *dynamodb.Client) error {
		return func(ctx context.Context, db *dynamodb.Client) error { return call(ctx, table.NewSpaces(db, "spaces")) }
	}
	ada, invited := space.Member{Person: "u-ada", Role: space.Admin, JoinedAt: time.Now()}, space.Invitation{ID: "i", Space: "sp", Role: space.Admin, By: "u-ada", CreatedAt: time.Now()}
	const conflict, internal = "conflict", "the conditions of writes [1] failed"
	return map[string]caller{
		"APIKeys.Create": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewAPIKeys(db, "keys").Create(ctx, key.Key{ID: "k", Owner: "me"})
		}, []string{table.ErrKeyExists.Error(), "Revoke one first"}},
		"APIKeys.Delete": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewAPIKeys(db, "keys").Delete(ctx, key.Key{ID: "k", Owner: "me"})
		}, []string{"not_found", internal}},
		"APIKeys.Rotate": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewAPIKeys(db, "keys").Rotate(ctx, key.Key{ID: "k", Owner: "me"}, []byte("before"))
		}, []string{conflict}},
		"Clicks.Count": {func(ctx context.Context, db *dynamodb.Client) error {
			_, err := table.NewClicks(db, "clicks", "stats", keep).Count(ctx, group)
			return err
		}, []string{"retried", "retried", "retried", "retried", "retried"}},
		"Contents.Finish": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewContents(db, "images").Finish(ctx, claim("abc", "me"), someContent())
		}, []string{conflict}},
		"ImageLinks.Create": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewImageLinks(db, "images", "links", "index").Recording("idempotency", record).Create(ctx, i, newLink(morning))
		}, []string{conflict, internal, table.ErrRepeated.Error()}},
		"Images.Begin":  {images(func(ctx context.Context, s *table.Images) error { return s.Begin(ctx, "i", morning) }), []string{""}},
		"Images.Create": {images(func(ctx context.Context, s *table.Images) error { return s.Recording("i", record).Create(ctx, i) }), []string{table.ErrRepeated.Error(), conflict}},
		"Images.Delete": {images(func(ctx context.Context, s *table.Images) error { return s.Delete(ctx, i, morning) }), []string{conflict, internal}},
		"Images.Edit":   {images(func(ctx context.Context, s *table.Images) error { return s.Edit(ctx, i) }), []string{conflict}},
		"Images.Finish": {images(func(ctx context.Context, s *table.Images) error { return s.Finish(ctx, i) }), []string{"", conflict}},
		"Images.Renew":  {images(func(ctx context.Context, s *table.Images) error { return s.Renew(ctx, i, renewed) }), []string{conflict, conflict, conflict}},
		"Images.refuse": {images(func(ctx context.Context, s *table.Images) error { return s.Refuse(ctx, i) }), []string{""}},
		"LinkEditor.Free": {func(ctx context.Context, db *dynamodb.Client) error {
			deleted := newLink(morning)
			deleted.DeletedAt = morning
			return table.NewLinkEditor(db, "links", "index", "history").Recording("idempotency", record).Free(ctx, deleted, "me", morning)
		}, []string{link.ErrChanged.Error(), table.ErrRepeated.Error()}},
		"LinkEditor.change": {func(ctx context.Context, db *dynamodb.Client) error {
			before := newLink(morning)
			after := before
			after.Code, after.Aliases = "new", []string{before.Code}
			_, err := table.NewLinkEditor(db, "links", "index", "history").Recording("idempotency", record).Edit(ctx, before, after, "me", morning)
			return err
		}, []string{link.ErrChanged.Error(), conflict, link.ErrChanged.Error(), link.ErrChanged.Error(), table.ErrRepeated.Error()}},
		"Idempotency.Claim": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewIdempotency(db, "i").Claim(ctx, record, morning)
		}, []string{table.ErrRepeated.Error()}},
		"LinkMaker.Make": {func(ctx context.Context, db *dynamodb.Client) error {
			return table.NewLinkMaker(db, "links", "idempotency", "index").Make(ctx, newLink(morning), record)
		}, []string{conflict, table.ErrRepeated.Error()}},
		"Spaces.Create": {spaces(func(ctx context.Context, s *table.Spaces) error { return s.Create(ctx, space.Space{ID: "sp"}, ada) }),
			[]string{"the conditions of writes [0] failed", internal, "You are in 20 spaces"}},
		"Spaces.Invite": {spaces(func(ctx context.Context, s *table.Spaces) error { return s.Invite(ctx, invited) }),
			[]string{"the conditions of writes [0] failed", "sent 50 invitations"}},
		"Spaces.Join": {spaces(func(ctx context.Context, s *table.Spaces) error { return s.Join(ctx, invited, ada) }),
			[]string{"not_found", "member of this space already", "50 members", "You are in 20 spaces"}},
		"Spaces.change": {spaces(func(ctx context.Context, s *table.Spaces) error { return s.Remove(ctx, "sp", ada) }),
			[]string{"changed this member", "needs an admin", "the conditions of writes [2] failed"}},
		"Reports.ClaimMail": {func(ctx context.Context, db *dynamodb.Client) error {
			mine, err := table.NewReports(db, "reports").ClaimMail(ctx, "r")
			if err == nil && !mine {
				return errors.New("claimed by another")
			}
			return err
		}, []string{"claimed by another"}},
	}
}

// patient is the time of a caller in virtual time.
const patient = 5 * time.Second

// try runs a caller against a fake for so long as patient, and returns how long
// it took.
func (c caller) try(t *testing.T, answer func(asked, writes int) answer) (f *fakeTable, took time.Duration, err error) {
	t.Helper()
	f = &fakeTable{answer: answer}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), patient)
		defer cancel()
		began := time.Now()
		err = c.call(ctx, f.client())
		took = time.Since(began)
	})
	return f, took, err
}

// once gives an answer to the first transaction and commits all others.
func once(first func(writes int) answer) func(asked, writes int) answer {
	return func(asked, writes int) answer {
		if asked == 0 {
			return first(writes)
		}
		return answer{status: http.StatusOK, body: `{}`}
	}
}

func always(each func(writes int) answer) func(asked, writes int) answer {
	return func(_, writes int) answer { return each(writes) }
}

// eachWrite runs a test for each caller and each of its writes.
func eachWrite(t *testing.T, test func(t *testing.T, c caller, at int)) {
	for name, c := range callers() {
		for at := range c.refused {
			t.Run(fmt.Sprintf("%s/%d", name, at), func(t *testing.T) { test(t, c, at) })
		}
	}
}

// checkGivesUp: a caller that is always refused reports that in time, and not as a conflict.
func checkGivesUp(t *testing.T, what string, f *fakeTable, took time.Duration, err error) {
	t.Helper()
	if err == nil || fault.Of(err).Code != fault.Internal || errors.Is(err, table.ErrRepeated) {
		t.Errorf("%s for ever: %v", what, err)
	}
	if took > patient-500*time.Millisecond || len(f.tokens) < 5 || len(f.tokens) > 100 {
		t.Errorf("%s for ever: gave up after %v and %d transactions", what, took, len(f.tokens))
	}
}

// TestPassingReasons cancels the transactions of each caller for a reason that
// passes, also beside a condition that failed: what that has seen may be half of
// another transaction.
func TestPassingReasons(t *testing.T) {
	eachWrite(t, func(t *testing.T, c caller, at int) {
		for _, code := range []string{"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"} {
			cancel := func(writes int) answer {
				if writes != len(c.refused) {
					t.Fatalf("%d writes, want %d", writes, len(c.refused))
				}
				return reason(code, at, writes)
			}
			f, _, err := c.try(t, once(cancel))
			if err != nil || len(f.tokens) != 2 || f.tokens[0] == f.tokens[1] {
				t.Errorf("%s once: %v, tokens %q", code, err, f.tokens)
			}
			f, took, err := c.try(t, always(cancel))
			checkGivesUp(t, code, f, took, err)
			f, _, err = c.try(t, once(func(writes int) answer {
				codes := slices.Repeat([]string{"ConditionalCheckFailed"}, writes)
				codes[at] = code
				return answer{status: http.StatusBadRequest, body: cancelled(codes...)}
			}))
			if err != nil || len(f.tokens) != 2 {
				t.Errorf("%s beside conditions that failed: %v after %d transactions", code, err, len(f.tokens))
			}
		}
	})
}

func TestConditionThatFailed(t *testing.T) {
	eachWrite(t, func(t *testing.T, c caller, at int) {
		f, _, err := c.try(t, once(func(writes int) answer { return reason("ConditionalCheckFailed", at, writes) }))
		want, transactions := c.refused[at], 1
		if want == "retried" {
			want, transactions = "", 2
		}
		if fmt.Sprint(err) == "<nil>" != (want == "") || err != nil && !strings.Contains(err.Error(), want) || len(f.tokens) != transactions {
			t.Errorf("%v after %d transactions, want %q after %d", err, len(f.tokens), want, transactions)
		}
	})
}

// TestDayThatAlwaysChanges: a counter that never reads a day as it is written
// gives up in time.
func TestDayThatAlwaysChanges(t *testing.T) {
	f, took, err := callers()["Clicks.Count"].try(t, always(func(writes int) answer { return reason("ConditionalCheckFailed", writes-1, writes) }))
	checkGivesUp(t, "ConditionalCheckFailed", f, took, err)
}

// TestFinalReasons: everything else fails at once, above all a cancellation
// that does not list one reason for each write.
func TestFinalReasons(t *testing.T) {
	answers := map[string]func(at, writes int) answer{"none": func(_, _ int) answer {
		return answer{status: http.StatusBadRequest, body: cancelled()}
	}, "no list": func(_, _ int) answer {
		return exception(http.StatusBadRequest, "TransactionCanceledException")
	}, "too few": func(at, writes int) answer {
		return answer{status: http.StatusBadRequest, body: cancelled(slices.Repeat([]string{"TransactionConflict"}, writes-1)...)}
	}, "too many": func(at, writes int) answer {
		return answer{status: http.StatusBadRequest, body: cancelled(slices.Repeat([]string{"ConditionalCheckFailed"}, writes+1)...)}
	}, "all None": func(at, writes int) answer { return reason("None", at, writes) }}
	for _, code := range []string{"ItemCollectionSizeLimitExceeded", "ValidationError", "SomethingNew"} {
		answers[code] = func(at, writes int) answer { return reason(code, at, writes) }
	}
	for _, name := range []string{"ResourceNotFoundException", "ValidationException", "AccessDeniedException", "IdempotentParameterMismatchException"} {
		answers[name] = func(_, _ int) answer { return exception(http.StatusBadRequest, name) }
	}
	eachWrite(t, func(t *testing.T, c caller, at int) {
		for name, given := range answers {
			f, _, err := c.try(t, once(func(writes int) answer { return given(at, writes) }))
			if err == nil || fault.Of(err).Code != fault.Internal || len(f.tokens) != 1 {
				t.Errorf("%s: %v after %d transactions", name, err, len(f.tokens))
			}
		}
	})
}

// TestLostAnswers: after an error that leaves open whether the transaction was
// committed, the same one is sent again, with the same token.
func TestLostAnswers(t *testing.T) {
	answers := map[string]answer{
		"connection cut": {err: io.ErrUnexpectedEOF},
		"body cut":       {status: http.StatusOK, body: `{"ConsumedCapacity":[]}`, cut: true},
	}
	for _, name := range []string{"ThrottlingException", "ProvisionedThroughputExceededException", "TransactionInProgressException"} {
		answers[name] = exception(http.StatusBadRequest, name)
	}
	for _, status := range []int{500, 502, 503, 504} {
		answers[fmt.Sprint(status)] = exception(status, "InternalServerError")
	}
	for name, c := range callers() {
		t.Run(name, func(t *testing.T) {
			for what, lost := range answers {
				each := func(int) answer { return lost }
				f, _, err := c.try(t, once(each))
				if err != nil || len(f.tokens) != 2 || f.tokens[0] != f.tokens[1] || f.tokens[0] == "" {
					t.Errorf("%s once: %v, tokens %q", what, err, f.tokens)
				}
				f, took, err := c.try(t, always(each))
				checkGivesUp(t, what, f, took, err)
				if len(slices.Compact(f.tokens)) != 1 {
					t.Errorf("%s for ever: several tokens", what)
				}
			}
		})
	}
}

// TestWriteMeetsTransaction: a single write waits for a transaction of its item.
func TestWriteMeetsTransaction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &fakeTable{others: []answer{exception(http.StatusBadRequest, "TransactionConflictException")}}
		_, made, err := table.NewContents(f.client(), "images").Claim(t.Context(), claim("abc", "me"), morning)
		if err != nil || made || len(f.others) != 0 {
			t.Errorf("made %t, %v", made, err)
		}
	})
}

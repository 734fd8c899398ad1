package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// seen records the statuses of each operation of the contract in this run, and the answers in the
// format that tests/contract/answers.mjs reads.
var seen = struct {
	sync.Mutex
	statuses map[string]map[int]bool
	answers  bytes.Buffer
}{statuses: map[string]map[int]bool{}}

func record(operation string, got answer) {
	var body *string
	mediaType := got.header.Get("Content-Type")
	if kind, _, _ := strings.Cut(mediaType, ";"); strings.HasSuffix(kind, "json") && len(got.body) > 0 {
		body = new(string(got.body))
	}
	line, err := json.Marshal(map[string]any{"operation": operation, "status": got.status, "type": mediaType, "body": body})
	seen.Lock()
	defer seen.Unlock()
	if seen.statuses[operation] == nil {
		seen.statuses[operation] = map[int]bool{}
	}
	seen.statuses[operation][got.status] = true
	if err == nil { // encoding texts and a number never fails
		seen.answers.Write(append(line, '\n'))
	}
}

// checkAnswers has all answers of the run validated once more, by Ajv.
func checkAnswers(t *testing.T) {
	seen.Lock()
	defer seen.Unlock()
	validator := exec.Command("node", filepath.Join("..", "contract", "answers.mjs"))
	validator.Stdin = &seen.answers
	out, err := validator.CombinedOutput()
	if err != nil {
		t.Errorf("tests/contract/answers.mjs: %v (make test-e2e fetches its packages)\n%.5000s", err, out)
		return
	}
	t.Logf("%s", out)
}

// raced are refusals that only a race provokes; shared/table tests them.
var raced = map[string]int{"deleteLink": http.StatusConflict, "deleteImage": http.StatusConflict}

// limited are the operations that themselves answer 429 to a visitor with too many attempts. All
// others rely on API Gateway's throttle, which infra/local/httpapi tests.
var limited = []string{"openLink", "reportLink"}

// unprovoked are refusals of the operations of spaces that no script provokes yet: functions/space-manage and shared/table
// test the conflicts, shared/web the size of a body.
var unprovoked = []int{http.StatusConflict, http.StatusRequestEntityTooLarge}

// checkRefusals fails for each 4xx of the contract that no script has provoked.
func checkRefusals(t *testing.T) {
	router, err := contract()
	if err != nil {
		t.Error(err)
		return
	}
	seen.Lock()
	defer seen.Unlock()
	for _, o := range router.operations() {
		for _, status := range o.refusals() {
			elsewhere := raced[o.OperationID] == status || status == http.StatusTooManyRequests && !slices.Contains(limited, o.OperationID) ||
				slices.Contains(o.Tags, "spaces") && slices.Contains(unprovoked, status)
			if !seen.statuses[o.OperationID][status] && !elsewhere {
				t.Errorf("no script provokes the %d of %s (%s %s)", status, o.OperationID, o.method, o.path)
			}
		}
	}
}

// operation is an operation of the contract.
type operation struct {
	method, path string
	*openapi3.Operation
}

func (d document) operations() (all []operation) {
	for path, item := range d.Paths.Map() {
		for method, o := range item.Operations() {
			all = append(all, operation{method, path, o})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.OperationID, b.OperationID) })
	return all
}

// refusals returns the operation's 4xx, in order.
func (o operation) refusals() (statuses []int) {
	for _, text := range slices.Sorted(maps.Keys(o.Responses.Map())) {
		if status, err := strconv.Atoi(text); err == nil && status/100 == 4 {
			statuses = append(statuses, status)
		}
	}
	return statuses
}

// scope returns the scope that the operation needs, "" if it needs none.
func (o operation) scope() string {
	if match := needed.FindStringSubmatch(o.Description); match != nil {
		return match[1]
	}
	return ""
}

// takesKeys reports whether the operation accepts API keys, and not only sessions.
func (o operation) takesKeys() bool {
	if o.Security == nil || len(*o.Security) == 0 {
		return true
	}
	return slices.ContainsFunc(*o.Security, func(need openapi3.SecurityRequirement) bool {
		_, key := need["key"]
		return key
	})
}

// example returns one of the operation's example bodies, "" if it has no body.
func (o operation) example() (string, error) {
	if o.RequestBody == nil {
		return "", nil
	}
	for _, example := range o.RequestBody.Value.Content["application/json"].Examples {
		text, err := json.Marshal(example.Value.Value)
		return string(text), err
	}
	return "", fmt.Errorf("the body of %s has no example", o.OperationID)
}

var (
	needed   = regexp.MustCompile("scope `([a-z:]+)`")
	variable = regexp.MustCompile(`\{\w+\}`)
)

// refusals sends requests that every operation of the API must refuse: without a key, without the
// scope, with an unknown parameter, too large a body, an item that doesn't exist, or another method.
func (r *run) refusals(step) error {
	r.needsCloud("refusals")
	router, err := contract()
	if err != nil {
		return err
	}
	keys := map[string]string{"admin": ""} // by their scope
	for _, o := range router.operations() {
		if scope := o.scope(); scope != "" {
			keys[scope] = ""
		}
	}
	for scope := range keys {
		if keys[scope], err = r.cloud.key(r.t.Context(), strings.ReplaceAll(scope, ":", "-"), scope); err != nil {
			return err
		}
	}
	var failures []error
	for _, o := range router.operations() {
		if !strings.HasPrefix(o.path, "/api/") {
			continue
		}
		lacking := keys["admin"]
		for scope, key := range keys {
			if scope != o.scope() && scope != "admin" && o.scope() != "" {
				lacking = key
			}
		}
		if o.scope() == "" && o.takesKeys() {
			lacking = "mk_none_none"
		}
		path := variable.ReplaceAllStringFunc(o.path, missing)
		for _, status := range o.refusals() {
			a := asked{method: o.method, url: r.base + path, header: http.Header{"Authorization": {"Bearer " + keys["admin"]}}, times: 1}
			if !o.takesKeys() && status != http.StatusUnauthorized && status != http.StatusForbidden {
				continue // sign-in provokes them
			}
			switch status {
			case http.StatusUnauthorized:
				a.header.Del("Authorization")
			case http.StatusForbidden:
				a.header.Set("Authorization", "Bearer "+lacking)
			case http.StatusBadRequest:
				a.url += "?unknown=1"
			case http.StatusRequestEntityTooLarge:
				a.body = `{"x": "` + strings.Repeat("x", 64<<10) + `"}`
			case http.StatusNotFound:
				if path == o.path {
					continue // only a space that the request names can be missing: the authorization matrix names one
				}
				if a.body, err = o.example(); err != nil {
					return err
				}
			default:
				continue
			}
			failures = append(failures, r.refused(a, o, status))
		}
		put := asked{method: http.MethodPut, url: r.base + path, header: http.Header{}, times: 1}
		failures = append(failures, r.refused(put, o, http.StatusMethodNotAllowed))
	}
	return errors.Join(failures...)
}

// missing returns a value for a path variable that names nothing that exists.
func missing(name string) string {
	if name == "{code}" {
		return "does-not-exist"
	}
	return "none"
}

func (r *run) refused(a asked, o operation, want int) error {
	got, err := r.sendOnce(a)
	if err == nil && got.status != want {
		err = fmt.Errorf("status %d: %.300s", got.status, got.body)
	}
	if err != nil {
		return fmt.Errorf("%s should be refused with %d: %w", o.OperationID, want, err)
	}
	return nil
}

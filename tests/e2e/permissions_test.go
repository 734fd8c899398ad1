package e2e

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// unreached are the permissions that no script uses, "role: action on resource",
// each with the reason why it exists.
func unreached() map[string]string {
	const long = "a run takes minutes before it hands over to another one: functions/report-run tests it"
	const slow = "a renewal is overdue after ten minutes: functions/image-sweep tests it"
	return map[string]string{
		"minim-local-AuthorizeRole: dynamodb:UpdateItem on arn:aws:dynamodb:us-east-1:000000000000:table/minim-local-sessions":            "a session is extended after ten minutes: functions/authorize tests it",
		"minim-local-ImageBackfillRole: lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:minim-local-image-resize": "no script has images of an older recipe: TestBackfill has",
		"minim-local-ImageSweepRole: lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:minim-local-image-resize":    slow,
		"minim-local-LinkListRole: dynamodb:Query on arn:aws:dynamodb:us-east-1:000000000000:table/minim-local-stats":                     "no script makes a counter hot: shared/table tests it",
		"minim-local-ReportRunRole: s3:PutObject on arn:aws:s3:::minim-local-reports-000000000000/partial/*":                              long,
		"minim-local-ReportRunRole: s3:GetObject on arn:aws:s3:::minim-local-reports-000000000000/partial/*":                              long,
		"minim-local-ReportRunRole: lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:minim-local-report-run":       long,
	}
}

// permission is one action on one resource that a role allows.
type permission struct{ Role, Action, Resource string }

func (p permission) String() string { return p.Role + ": " + p.Action + " on " + p.Resource }

// permissions combines the reports of all local clouds on used permissions.
type permissions struct {
	mu     sync.Mutex
	used   map[permission]int
	denied map[string]bool
}

// collect reads the report that a local cloud writes when it ends.
func (p *permissions) collect(t *testing.T, state string) {
	text, err := os.ReadFile(filepath.Join(state, "permissions.json"))
	if errors.Is(err, fs.ErrNotExist) && t.Failed() {
		return // it did not start
	}
	var report struct {
		Permissions []struct {
			permission
			Used int
		}
		Denied []struct{ Function, Action, Resource string }
	}
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil {
		t.Errorf("read the used permissions: %v", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, each := range report.Permissions {
		p.used[each.permission] += each.Used
	}
	for _, d := range report.Denied {
		denial := fmt.Sprintf("%s was denied %s on %s", d.Function, d.Action, d.Resource)
		t.Errorf("%s: its policy.yml does not allow it", denial)
		p.denied[denial] = true
	}
}

// check reports unused permissions, denied actions, and unnecessary exceptions.
func (p *permissions) check(t *testing.T) {
	excepted := unreached()
	for _, each := range slices.SortedFunc(maps.Keys(p.used), func(a, b permission) int { return cmp.Compare(a.String(), b.String()) }) {
		_, known := excepted[each.String()]
		switch {
		case p.used[each] == 0 && !known:
			t.Errorf("nothing uses %s; remove it from policy.yml, or add a script that needs it", each)
		case p.used[each] > 0 && known:
			t.Errorf("%s is used; remove its exception", each)
		}
		delete(excepted, each.String())
	}
	for each := range excepted {
		t.Errorf("there is no permission %s; remove its exception", each)
	}
	for _, denial := range slices.Sorted(maps.Keys(p.denied)) {
		t.Error(denial)
	}
	t.Logf("%d permissions are used, %d exceptions", len(p.used), len(unreached()))
}

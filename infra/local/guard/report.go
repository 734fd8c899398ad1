package guard

import (
	"cmp"
	"maps"
	"slices"
)

// Report lists the used, unused and denied permissions.
type Report struct {
	Permissions []Permission `json:"permissions"` // all permissions in statements, sorted by role
	Denied      []Denial     `json:"denied"`      // sorted by function and action
}

// Permission is one action on one resource that a statement of a role allows.
type Permission struct {
	Role      string `json:"role"`
	Policy    string `json:"policy"`
	Statement int    `json:"statement"` // index from 0
	Action    string `json:"action"`
	Resource  string `json:"resource"`
	Used      int64  `json:"used"` // count; if several statements allow the same action, the first one counts
}

// Denial is an action that was denied to a function.
type Denial struct {
	Function string `json:"function"`
	Role     string `json:"role"`
	Action   string `json:"action"`
	Resource string `json:"resource"` // of the first denial
	Times    int    `json:"times"`
}

// Report returns the used and denied permissions so far.
func (g *Guard) Report() Report {
	report := Report{Permissions: []Permission{}, Denied: []Denial{}}
	roles := g.known.Load().roles
	for _, name := range slices.Sorted(maps.Keys(roles)) {
		r := roles[name]
		for i, grant := range r.Policies.Grants() {
			if grant.Effect == "Allow" {
				report.Permissions = append(report.Permissions, Permission{
					Role: name, Policy: grant.Policy, Statement: grant.Statement, Action: grant.Action, Resource: grant.Resource, Used: r.uses[i].Load(),
				})
			}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, d := range g.denied {
		report.Denied = append(report.Denied, *d)
	}
	slices.SortFunc(report.Denied, func(a, b Denial) int {
		return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.Action, b.Action))
	})
	return report
}

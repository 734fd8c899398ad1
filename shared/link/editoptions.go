package link

import (
	"encoding/json"
	"reflect"
	"time"
)

// Nullable is a field of an edit that can be absent, or null to remove what was set.
type Nullable[T any] struct {
	Set   bool
	Value *T // nil: null
}

// UnmarshalJSON reads a value or null.
func (n *Nullable[T]) UnmarshalJSON(data []byte) error {
	n.Set = true
	return json.Unmarshal(data, &n.Value)
}

// to puts the value into a field, or its zero value.
func (n Nullable[T]) to(field *T) {
	if n.Set {
		*field = *new(T)
	}
	if n.Value != nil {
		*field = *n.Value
	}
}

// EditOptions are the changes of a link's options. Absent fields stay as they are.
type EditOptions struct {
	NotBefore    Nullable[string] `json:"notBefore"`
	ExpiredURL   Nullable[string] `json:"expiredUrl"`
	MaxClicks    Nullable[int64]  `json:"maxClicks"`
	Password     Nullable[string] `json:"password"`
	ForwardQuery *string          `json:"forwardQuery"`
	UTM          Nullable[UTM]    `json:"utm"`
	Rules        *[]Rule          `json:"rules"`
}

// apply returns the options as they are after the edit of the link, which has been
// applied but for them, and reports every mistake to check.
func (e EditOptions) apply(edited Link, site Site, check func(field, mistake string)) Options {
	d := edited.draft()
	e.NotBefore.to(&d.NotBefore)
	e.ExpiredURL.to(&d.ExpiredURL)
	e.Password.to(&d.Password)
	e.UTM.to(&d.UTM)
	if e.MaxClicks.Set {
		d.MaxClicks = e.MaxClicks.Value
	}
	if e.ForwardQuery != nil {
		d.ForwardQuery = *e.ForwardQuery
	}
	if e.Rules != nil {
		d.Rules = *e.Rules
	}
	faulty := false
	after := d.options(site, edited.ExpiresAt, func(field, mistake string) {
		faulty = faulty || mistake != ""
		check(field, mistake)
	})
	if !faulty {
		check("utm", checkSent(edited.URL, d.UTM))
	}
	after.Password = edited.Password
	switch {
	case d.Password != "" && !faulty:
		after.Password = NewPassword(d.Password)
	case e.Password.Set:
		after.Password = ""
	}
	return after
}

// draft returns the options as their owner would request them, without the password.
func (o Options) draft() DraftOptions {
	d := DraftOptions{ExpiredURL: o.ExpiredURL, ForwardQuery: o.forwarding(), UTM: o.UTM, Rules: o.Rules}
	if !o.NotBefore.IsZero() {
		d.NotBefore = o.NotBefore.UTC().Format(time.RFC3339Nano)
	}
	if o.MaxClicks > 0 {
		d.MaxClicks = &o.MaxClicks
	}
	return d
}

// optionChanges lists what differs, by field. Passwords are not shown, only whether
// there is one.
func optionChanges(before, after Options) []Change {
	var changes []Change
	from, to := reflect.ValueOf(before.view()), reflect.ValueOf(after.view())
	for i := range from.NumField() {
		name := from.Type().Field(i).Tag.Get("json")
		differ := !reflect.DeepEqual(from.Field(i).Interface(), to.Field(i).Interface())
		if name == "hasPassword" {
			name, differ = "password", before.Password != after.Password
		}
		if differ {
			changes = append(changes, Change{name, from.Field(i).Interface(), to.Field(i).Interface()})
		}
	}
	return changes
}

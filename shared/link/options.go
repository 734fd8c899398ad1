package link

import "time"

// Options decide who may follow a link, when, and where it leads them. The zero
// value sets no limits.
type Options struct {
	NotBefore    time.Time // zero: at once
	ExpiredURL   string    // where a link leads that has ended; "" shows a page
	MaxClicks    int64     // zero: no limit
	Password     Password  // its hash; "" if there is none
	ForwardQuery bool      // add the visitor's query to the destination
	UTM          UTM
	Rules        []Rule
}

// UTM holds the campaign parameters that are added to the destination. Empty ones
// are left out.
type UTM struct {
	Source   string `json:"source,omitempty"`
	Medium   string `json:"medium,omitempty"`
	Campaign string `json:"campaign,omitempty"`
	Term     string `json:"term,omitempty"`
	Content  string `json:"content,omitempty"`
}

// Rule leads some visitors to another destination: those who match every list that
// isn't empty. It has either a URL or a Split.
type Rule struct {
	Countries []string `json:"countries,omitempty"` // ISO 3166-1, two capital letters
	Devices   []string `json:"devices,omitempty"`
	Systems   []string `json:"systems,omitempty"`
	Languages []string `json:"languages,omitempty"` // BCP 47; de includes de-AT
	URL       string   `json:"url,omitempty"`
	Split     []Share  `json:"split,omitempty"`
}

// Share is one of several destinations that a rule's visitors are divided between.
type Share struct {
	URL    string `json:"url"`
	Weight int    `json:"weight"` // relative to the sum of all weights
}

// limited reports whether answers depend on more than the link and the time, so
// that nobody may keep them.
func (o Options) limited() bool {
	return o.Password != "" || o.MaxClicks > 0 || len(o.Rules) > 0
}

package link

// ViewOptions are a link's options as the API shows them.
type ViewOptions struct {
	NotBefore    *string `json:"notBefore"`  // null: at once
	ExpiredURL   *string `json:"expiredUrl"` // null: a page
	MaxClicks    *int64  `json:"maxClicks"`  // null: no limit
	HasPassword  bool    `json:"hasPassword"`
	ForwardQuery string  `json:"forwardQuery"`
	UTM          UTM     `json:"utm"`
	Rules        []Rule  `json:"rules"`
}

func (o Options) view() ViewOptions {
	v := ViewOptions{
		HasPassword: o.Password != "", ForwardQuery: o.forwarding(), UTM: o.UTM, Rules: append([]Rule{}, o.Rules...), NotBefore: moment(o.NotBefore),
	}
	if o.ExpiredURL != "" {
		v.ExpiredURL = &o.ExpiredURL
	}
	if o.MaxClicks > 0 {
		v.MaxClicks = &o.MaxClicks
	}
	return v
}

func (o Options) forwarding() string {
	if o.ForwardQuery {
		return forwardMerge
	}
	return forwardOff
}

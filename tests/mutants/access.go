package main

// access are mutations of who may do what, of what leaves or enters the service, and
// of what holds when a service fails.
func access() []mutation {
	return []mutation{
		{"shared/key/key.go", `return !k.Disabled && `, `return `, "a disabled key opens nothing", ""},
		{"shared/key/key.go", `now.Before(k.ExpiresAt)`, `!now.After(k.ExpiresAt)`, "a key has expired at its moment of expiry", ""},
		{"shared/key/key.go", `len(token) > maxToken`, `len(token) > 1<<20`, "a long text is no token", ""},
		{"shared/edge/edge.go", `known != "" && `, ``, "the absent previous key opens nothing", ""},
		{"shared/edge/edge.go", `Keys{Current: key, Previous: k.Current, Deployed`, `Keys{Current: key, Previous: k.Previous, Deployed`, "the edge's key works until the edge has the next one", ""},
		{"shared/edge/edge.go", `k.Previous == k.Deployed`, `k.Previous != k.Deployed`, "the key that CloudFormation sends again works until it has read another one", ""},
		{"shared/web/cursor.go", `list + "\x00" + position`, `list + position`, "a cursor belongs to one list", ""},
		{"shared/web/cursor.go", `!hmac.Equal(sealed[:sealSize], c.seal(list, position))`, `len(c.seal(list, position)) == 0`, "a client cannot make a cursor", ""},
		{"shared/web/caller.go", `if c.has(scope) || c.Admin()`, `if c.has(scope) || !c.Admin()`, "a caller needs the scope", ""},
		{"shared/web/request.go", `len(body) > MaxBody`, `len(body) > 2*MaxBody`, "a body has at most 64 KB", ""},
		{"shared/web/tag.go", `strings.TrimPrefix(entry, "W/") == tag`, `entry == tag`, "entity tags are compared weakly", ""},
		{"shared/web/page.go", `limit > most`, `limit > 10*most`, "a page has at most 100 items", ""},
		{"shared/sheet/sheet.go", `begins = strings.ContainsRune(separators, r)`, `begins = false`, "no cell becomes a formula where a semicolon separates cells", ""},
		{"shared/table/keys.go", `owner+"\x00"+key`, `owner+key`, "owners' idempotency keys do not meet", ""},
		{"shared/table/hotcounter.go", `attempt >= 3 && clicks >= 100`, `attempt >= 3`, "a quiet link is no hot one", ""},
		{"shared/table/transact.go", `if len(reasons) != writes {`, `if len(reasons) > writes {`, "a transaction cancelled without reasons has failed", ""},
		{"shared/table/transact.go", `"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"`, `"TransactionConflict", "ProvisionedThroughputExceeded"`, "a throttled transaction is tried again", ""},
		{"shared/table/transact.go", `request = nil // a cancelled`, `request.ClientRequestToken = aws.String(rand.Text()) // a cancelled`, "an attempt sees what others have written", ""},
		{"shared/web/web.go", `deadline.Add(-margin)`, `deadline`, "a handler answers before its function's time is up", ""},
		{"shared/afterward/afterward.go", `i.over = true // until the late answer`, `_ = i // until the late answer`, "a retry has its work done", ""},
		{"infra/local/sqs/ledger.go", `known.Queue, known.Receives = e.From, 1`, `known.Queue = e.From`, "a dead-letter queue counts receives anew", ""},
	}
}

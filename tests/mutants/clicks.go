package main

// clicks are mutations of what counts as a click and how it is counted.
func clicks() []mutation {
	return []mutation{
		{"shared/click/click.go", `for !utf8.RuneStart(name[end]) {`, `for utf8.RuneStart(name[end]) && end == maxName+1 {`, "a name is cut between characters", ""},
		{"shared/click/click.go", `if r == utf8.RuneError || !unicode.IsPrint(r) {`, `if r == utf8.RuneError || !unicode.IsPrint(r) && r == 0 {`, "a name has only printable characters", ""},
		{"shared/click/click.go", `rand.Read(id[6:])`, `rand.Read(id[8:])`, "an ID carries 80 random bits", ""},
		{"shared/click/click.go", `[]string{c.ID, c.Link, c.Code, c.Owner}`, `[]string{c.ID, c.Link, c.Code}`, "a click has an owner", ""},
		{"shared/click/visit.go", `method == http.MethodHead || `, `method == http.MethodTrace || `, "HEAD is no click", ""},
		{"shared/click/visit.go", `header("DNT") != "1" && header("Sec-GPC") != "1"`, `header("DNT") != "1"`, "Sec-GPC hides city and referrer", ""},
		{"shared/click/visit.go", `"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"`, `"Sec-Purpose", "Purpose", "X-Purpose"`, "Firefox's prefetch is no click", ""},
		{"shared/click/visit.go", `return strings.TrimPrefix(host, "www.")`, `return u.Host`, "a referrer is a host without www", ""},
		{"shared/click/count.go", `cmp.Or(name, Unknown)`, `name`, "each click is in every dimension", ""},
		{"shared/click/count.go", `max(0, NamesADay-invented(known[dimension]))`, `NamesADay`, "a day has a bounded number of invented names", ""},
		{"shared/click/count.go", `return old || reserved(name)`, `return old`, "reserved names do not use up the bound", ""},
		{"shared/click/count.go", `if seen[c.ID] {`, `if seen[c.Link] {`, "a click that occurs twice in a batch counts once", ""},
		{"shared/click/count.go", `quarter := c.At.UTC().Truncate(Quarter)`, `quarter := c.At.UTC().Truncate(2 * Quarter)`, "a group has clicks of one quarter hour", ""},
		{"shared/batch/batch.go", `deadline.Add(-margin)`, `deadline`, "time is left for the response", ""},
		{"shared/batch/batch.go", `id := event.Records[i].MessageId`, `id := event.Records[0].MessageId`, "the failed record is reported, not another one", ""},
		{"shared/batch/stream.go", `number := record.Change.SequenceNumber`, `number := record.EventID`, "a stream's record is reported by its sequence number", ""},
		{"shared/batch/s3.go", `record.S3.Object.URLDecodedKey`, `record.S3.Object.Key`, "an object's key is decoded", ""},
	}
}

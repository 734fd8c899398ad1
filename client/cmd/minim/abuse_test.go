package main

import "testing"

func TestAbuse(t *testing.T) {
	const id = "a0123456789abcdefghijklmn"
	server := always(t, 200, `{"items": [{"id": "`+id+`", "at": "2026-11-21T03:00:00.000Z", "reason": "phishing", "text": "It asks\nfor my card.", "code": "go", "link": "l.1",
		"shortUrl": "https://go.example.com/go", "current": {"code": "go", "owner": "me", "url": "https://evil.example/", "status": "active"}},
		{"id": "`+id+`", "at": "2026-11-21T03:00:00.000Z", "reason": "spam", "text": "", "code": "old", "link": "l.2", "shortUrl": "https://go.example.com/old", "current": null}]}`)
	got := invocation{args: []string{"abuse", "list"}, server: server}.run(t)
	if got.out != id+"\t2026-11-21T03:00:00.000Z\tphishing\tgo\thttps://evil.example/\tIt asks for my card.\n"+id+"\t2026-11-21T03:00:00.000Z\tspam\told\t\t\n" {
		t.Errorf("%+v", got)
	}
	server = always(t, 204, "")
	if got := (invocation{args: []string{"abuse", "remove", id}, server: server}).run(t); got.out != id+"\n" || server.Requests()[0].Path != "/api/abuse/"+id {
		t.Errorf("%+v", got)
	}
}

package template

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// TestSessionEdge runs the edge's function and checks which credentials the API gets.
func TestSessionEdge(t *testing.T) {
	const session = `{"__Host-session":{"value":"TOKEN"}}`
	tests := []struct{ name, headers, cookies, want string }{
		{"a page of the site", `{"sec-fetch-site":{"value":"same-origin"}}`, session, "Session same-origin TOKEN"},
		{"another site", `{"sec-fetch-site":{"value":"cross-site"}}`, session, "Session other TOKEN"},
		{"a site below or above", `{"sec-fetch-site":{"value":"same-site"}}`, session, "Session other TOKEN"},
		{"an address that somebody typed", `{"sec-fetch-site":{"value":"none"}}`, session, "Session other TOKEN"},
		{"another site that invents an origin", `{"sec-fetch-site":{"value":"cross-site"},"origin":{"value":"https://mini.example"}}`, session, "Session other TOKEN"},
		{"an old browser", `{"origin":{"value":"https://mini.example"}}`, session, "Session same-origin TOKEN"},
		{"an old browser on another site", `{"origin":{"value":"https://evil.example"}}`, session, "Session other TOKEN"},
		{"an old browser without TLS", `{"origin":{"value":"http://mini.example"}}`, session, "Session other TOKEN"},
		{"an old browser in a sandbox", `{"origin":{"value":"null"}}`, session, "Session other TOKEN"},
		{"no browser", `{}`, session, "Session other TOKEN"},
		{"an API key", `{"authorization":{"value":"Bearer mk_1_2"},"sec-fetch-site":{"value":"same-origin"}}`, session, "Bearer mk_1_2"},
		{"a space", `{"sec-fetch-site":{"value":"same-origin"},"minim-space":{"value":"sp_1"}}`, session, "Session same-origin TOKEN sp_1"},
		{"an empty space", `{"sec-fetch-site":{"value":"same-origin"},"minim-space":{"value":""}}`, session, "Session same-origin TOKEN"},
		{"an API key and a space", `{"authorization":{"value":"Bearer mk_1_2"},"minim-space":{"value":"sp_1"}}`, session, "Bearer mk_1_2"},
		{"nothing", `{"sec-fetch-site":{"value":"same-origin"}}`, `{"theme":{"value":"dark"}}`, ""},
	}
	script := `const handler = new Function(require('fs').readFileSync(process.argv[1], 'utf8') + '; return handler')();
const got = process.argv.slice(2).map(JSON.parse).map((request) => {
  request.headers.host = { value: 'mini.example' };
  return handler({ request }).headers.authorization?.value ?? '';
});
console.log(JSON.stringify(got));`
	arguments := []string{"-e", script, filepath.Join(root, "infra", "edge", "session.js")}
	var want []string
	for _, test := range tests {
		arguments = append(arguments, `{"headers":`+test.headers+`,"cookies":`+test.cookies+`}`)
		want = append(want, test.want)
	}
	out, err := exec.CommandContext(t.Context(), "node", arguments...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var got []string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, test := range tests {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("%s: got %q, want %q", test.name, slices.Concat(got, make([]string, len(want)))[i], want[i])
		}
	}
}

package cloudfront

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// TestModules runs functions that use features of the runtime, and features that it does not have.
func TestModules(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"SHA-256", `require('crypto').createHash('sha256').update('abc').digest('hex')`, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"HMAC", `require('crypto').createHmac('sha1', 'key').update('a').update('b').digest('base64url')`, "1lnIpieF_KDQMpxudn7kgX40Yo0"},
		{"MD5 in bytes", `require('crypto').createHash('md5').update('').digest().toString('base64')`, "1B2M2Y8AsgTpgAmY7PhCfg=="},
		{"Buffer", `Buffer.from('aGk=', 'base64').toString()`, "hi"},
		{"required Buffer", `require('buffer').Buffer.from('hi').toString('hex')`, "6869"},
		{"query", `JSON.stringify(require('querystring').parse('a=1&b=x%20y&a=2'))`, `{"a":["1","2"],"b":"x y"}`},
		{"query as text", `require('querystring').stringify({a: ['1', '2'], b: 'x y'})`, "a=1&a=2&b=x%20y"},
		{"new Function", `(function () { try { return new Function('return 1')(); } catch (e) { return e.name; } })()`, "TypeError"},
		{"hidden Function", `(function () { try { return (async () => 1).constructor('return 1')(); } catch (e) { return e.name; } })()`, "TypeError"},
		{"eval", `(function () { try { return eval('1'); } catch (e) { return e.name; } })()`, "TypeError"},
		{"instanceof", `String((() => 1) instanceof Function)`, "true"},
		{"another module", `(function () { try { require('fs'); return 'fs'; } catch (e) { return 'none'; } })()`, "none"},
		{"another algorithm", `(function () { try { require('crypto').createHash('sha512'); return 'yes'; } catch (e) { return 'none'; } })()`, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code := `function handler() { return {statusCode: 200, body: ` + c.code + `}; }`
			resp := serve(t, one(&recorder{}, Behavior{ViewerRequest: code}), httptest.NewRequest("GET", "/", nil))
			if got := body(t, resp); resp.StatusCode != 200 || got != c.want {
				t.Errorf("%d %s, want %s", resp.StatusCode, got, c.want)
			}
		})
	}
}

// TestForbiddenHeaders: functions fail if they change headers of CloudFront.
func TestForbiddenHeaders(t *testing.T) {
	for code, ok := range map[string]bool{
		`event.request.headers['x-mine'] = {value: '1'}; return event.request;`:        true,
		`event.request.headers['x-edge-mine'] = {value: '1'}; return event.request;`:   false,
		`event.request.headers.host = {value: 'other.example'}; return event.request;`: false,
		`delete event.request.headers.host; return event.request;`:                     false,
		`return {statusCode: 200, headers: {'x-amz-cf-id': {value: '1'}}};`:            false,
		`return {statusCode: 200, headers: {'x-cache': {value: '1'}}};`:                false,
		`return {statusCode: 200, headers: {'cache-control': {value: 'no-store'}}};`:   true,
	} {
		resp := serve(t, one(&recorder{}, Behavior{ViewerRequest: `function handler(event) { ` + code + ` }`, Forward: everything()}), httptest.NewRequest("GET", "/", nil))
		if got := resp.StatusCode == 200; got != ok {
			t.Errorf("%s: %d", code, resp.StatusCode)
		}
	}
}

// TestLargeFunction: the limit is in bytes.
func TestLargeFunction(t *testing.T) {
	if _, err := compile("// " + strings.Repeat("é", maxSource/2)); err == nil {
		t.Error("more than 10,240 bytes are accepted")
	}
}

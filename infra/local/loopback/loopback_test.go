package loopback

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOwnName(t *testing.T) {
	handler := OwnName(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	for host, want := range map[string]int{
		"localhost:8080": http.StatusOK, "127.0.0.1:8080": http.StatusOK, "[::1]:8080": http.StatusOK, "localhost": http.StatusOK, "[::1]": http.StatusOK,
		"evil.example:8080": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest,
	} {
		request := httptest.NewRequest(http.MethodGet, "/_local/functions", nil)
		request.Host = host
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != want {
			t.Errorf("Host %q: %d, want %d", host, answer.Code, want)
		}
	}
}

func TestForPrograms(t *testing.T) {
	handler := ForPrograms(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	for _, c := range []struct {
		name, host string
		header     http.Header
		want       int
	}{
		{"a client of AWS", "127.0.0.1:4566", http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=local/…"}}, http.StatusOK},
		{"a form of another site", "127.0.0.1:4566", http.Header{"Origin": {"https://evil.example"}}, http.StatusForbidden},
		{"a form of nowhere", "127.0.0.1:4566", http.Header{"Origin": {"null"}}, http.StatusForbidden},
		{"an image of another site", "127.0.0.1:4566", http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		{"another name of this machine", "evil.example:4566", nil, http.StatusMisdirectedRequest},
	} {
		request := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions/run/invocations", nil)
		request.Host, request.Header = c.host, c.header
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, answer.Code, c.want)
		}
	}
}

package guard

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// forward forwards requests unchanged, including the Host header, which is signed.
func forward(upstream string) (*httputil.ReverseProxy, error) {
	target, err := url.Parse(upstream)
	if err != nil {
		return nil, fmt.Errorf("parse the emulator's address: %w", err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second,
			DisableCompression:    true,        // Accept-Encoding is signed, too
			ExpectContinueTimeout: time.Second, // the body of a rejected upload is not sent
		},
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { // clients retry on this status
			http.Error(w, "the emulator does not answer; it is being restarted", http.StatusServiceUnavailable)
		},
	}, nil
}

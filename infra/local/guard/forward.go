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

// forward passes requests on unchanged. They keep their Host, which is signed.
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
			DisableCompression:    true,        // what a client accepts is signed too
			ExpectContinueTimeout: time.Second, // a refused upload is not sent
		},
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { // clients try this again
			http.Error(w, "the emulator does not answer; it is being started again", http.StatusServiceUnavailable)
		},
	}, nil
}

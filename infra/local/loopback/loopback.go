// Package loopback serves HTTP to this machine only. The emulated services do not check signatures, so requests
// of browsers, and those with another host name, are rejected: any web page could send them, directly or by DNS
// rebinding.
package loopback

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"
)

const readTimeout = 10 * time.Second // for the headers of a request

// Listen listens on a free port.
func Listen() (net.Listener, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("find a free port: %w", err)
	}
	return listener, nil
}

// ListenOn listens on a port of localhost, with IPv4 and, if the machine has it, IPv6.
func ListenOn(port int) ([]net.Listener, error) {
	first, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, refusal(port, err)
	}
	second, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
	if errors.Is(err, syscall.EADDRINUSE) {
		first.Close()
		return nil, refusal(port, err)
	}
	if err != nil { // no IPv6 on this machine
		return []net.Listener{first}, nil
	}
	return []net.Listener{first, second}, nil
}

func refusal(port int, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d is in use: stop what uses it, or set PORT to another one", port)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("port %d needs root: set PORT to one above 1023", port)
	}
	return fmt.Errorf("listen on port %d: %w", port, err)
}

// Serve serves a handler on a listener until the returned function is called.
func Serve(l net.Listener, h http.Handler) (end func()) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: readTimeout}
	go func() { _ = server.Serve(l) }()
	return func() { _ = server.Close() }
}

// ForPrograms rejects requests of browsers, and those that OwnName rejects.
func ForPrograms(next http.Handler) http.Handler {
	return OwnName(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" {
			refuse(w, http.StatusForbidden, "This is for programs, not for pages.")
			return
		}
		next.ServeHTTP(w, r)
	}))
}

// OwnName rejects requests for hosts other than localhost.
func OwnName(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if host = strings.Trim(host, "[]"); host != "localhost" && host != "127.0.0.1" && host != "::1" {
			refuse(w, http.StatusMisdirectedRequest, "The local cloud answers at localhost only.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "{\"message\":%q}\n", message)
}

// Package emulators runs the emulators of the local cloud as separate processes: DynamoDB
// Local, versitygw for S3, and fauxqs for SQS. It finds free ports, waits until each
// emulator answers, restarts crashed emulators on the same port, and ends all of them with
// this process.
package emulators

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/objectkeys"
)

// Options are the folders, settings and callbacks of the emulators.
type Options struct {
	// Components is the folder of versitygw, dynamodb-local/ and node_modules/.
	Components string
	// State is the folder for data and logs.
	State string
	// Webhook is the URL for the events of S3. It must already accept requests.
	Webhook string
	// InMemory stores tables only in memory, for tests.
	InMemory bool
	// Versioning allows buckets to store old versions of objects.
	Versioning bool
	// Region, AccessKeyID and SecretAccessKey are used by S3 to check signatures.
	Region, AccessKeyID, SecretAccessKey string
	// Accounts are further secret keys by access key. S3 accepts their signatures for
	// all requests.
	Accounts map[string]string

	// Started is called when an emulator answers for the first time.
	Started func(name string, took time.Duration)
	// Restarted is called when a restarted emulator answers.
	Restarted func(name string)
	// Died is called when an emulator has crashed or exited, before it is restarted.
	Died func(name string, err error)
}

// Emulators are the running emulators.
type Emulators struct {
	// URLs without a trailing slash.
	DynamoDB, S3, SQS string
	// Host is the Host header that DynamoDB Local and fauxqs require. It is random at each start, and
	// browsers cannot set it, so web pages cannot call these emulators. Neither checks signatures.
	Host string

	cancel  context.CancelFunc
	done    sync.WaitGroup
	closeS3 func()
}

// Start starts all emulators concurrently and waits until all of them answer. The error has
// a line for each emulator that cannot start, with the remedy.
func Start(ctx context.Context, o Options) (*Emulators, error) {
	if err := os.MkdirAll(filepath.Join(o.State, "logs"), 0o700); err != nil {
		return nil, fmt.Errorf("create the state folder: %w", err)
	}
	for _, folder := range []*string{&o.Components, &o.State} {
		absolute, err := filepath.Abs(*folder)
		if err != nil {
			return nil, fmt.Errorf("find the folder %q: %w", *folder, err)
		}
		*folder = absolute
	}
	if err := endOrphans(o.State); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &Emulators{cancel: cancel, Host: strings.ToLower(rand.Text())}
	all := []struct {
		emulator emulator
		url      *string
	}{{dynamoDB(o, p.Host), &p.DynamoDB}, {storage(o), &p.S3}, {queues(o, p.Host), &p.SQS}}
	errs := make([]error, len(all))
	var starting sync.WaitGroup
	for i, each := range all {
		s := &supervisor{emulator: each.emulator, o: o}
		starting.Add(1)
		p.done.Add(1)
		go func() {
			defer p.done.Done()
			s.run(ctx, func(err error) {
				*each.url, errs[i] = fmt.Sprintf("http://127.0.0.1:%d", s.port), err
				starting.Done()
			})
		}()
	}
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		p.Close()
		return nil, err
	}
	if err := p.serveS3(o); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// serveS3 serves versitygw behind a proxy that encodes the keys that it would reject.
func (e *Emulators) serveS3(o Options) error {
	secrets := map[string]string{o.AccessKeyID: o.SecretAccessKey}
	maps.Copy(secrets, o.Accounts)
	proxy, err := objectkeys.New(objectkeys.Options{Upstream: e.S3, Folder: filepath.Join(o.State, objectsFolder), Secrets: secrets})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	e.S3 = "http://" + listener.Addr().String()
	e.closeS3 = func() {
		_ = server.Close()
		proxy.Close()
	}
	return nil
}

// Close ends all emulators and waits until they have exited, at most three seconds.
func (e *Emulators) Close() {
	if e.closeS3 != nil {
		e.closeS3()
	}
	e.cancel()
	e.done.Wait()
}

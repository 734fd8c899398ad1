// Package emulators runs the emulators of the local cloud, each as a
// process of its own: DynamoDB Local, versitygw for S3, fauxqs for SQS. It finds
// free ports, waits until each emulator answers, starts one that dies again on the
// same port, and ends all of them with this process.
package emulators

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Options say where things are and who wants to hear of them.
type Options struct {
	// Components is the folder of versitygw, dynamodb-local/ and node_modules/.
	Components string
	// State is where data and logs live.
	State string
	// Webhook is the URL that gets the events of S3; it must be answering already.
	Webhook string
	// InMemory keeps tables in memory only, for tests.
	InMemory bool
	// Versioning lets buckets keep old versions of objects.
	Versioning bool
	// Region, AccessKeyID and SecretAccessKey are what S3 checks signatures with.
	Region, AccessKeyID, SecretAccessKey string
	// Accounts are more secret keys by their access keys, whose signatures S3 takes
	// for any request.
	Accounts map[string]string

	// Started is called when an emulator answers for the first time.
	Started func(name string, took time.Duration)
	// Restarted is called when an emulator that had died answers again.
	Restarted func(name string)
	// Died is called when an emulator has ended by itself; it will be started again.
	Died func(name string, err error)
}

// Emulators are the running emulators.
type Emulators struct {
	// URLs without a trailing slash.
	DynamoDB, S3, SQS string
	// Host is the Host header that DynamoDB Local and fauxqs ask for. It is drawn at each start, so
	// that no page of a browser, which cannot set it, reaches them: neither checks signatures.
	Host string

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Start starts all emulators at once and returns when every one answers. The error
// has a line for each emulator that cannot start, and reports what to do.
func Start(ctx context.Context, o Options) (*Emulators, error) {
	if err := os.MkdirAll(filepath.Join(o.State, "logs"), 0o700); err != nil {
		return nil, fmt.Errorf("make the state folder: %w", err)
	}
	for _, folder := range []*string{&o.Components, &o.State} {
		absolute, err := filepath.Abs(*folder)
		if err != nil {
			return nil, fmt.Errorf("find the folder %q: %w", *folder, err)
		}
		*folder = absolute
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
	return p, nil
}

// Close ends all emulators and waits until they are gone, three seconds at most.
func (e *Emulators) Close() {
	e.cancel()
	e.done.Wait()
}

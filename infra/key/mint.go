package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/key"
)

type keyStore interface {
	Get(ctx context.Context, id string) (key.Key, error)
	Create(ctx context.Context, k key.Key) error
}

type minter struct {
	keys   keyStore
	now    func() time.Time
	output io.Writer
}

// tell creates a key and writes its token to the file at path or, if path is
// empty, to the output.
func (m minter) tell(ctx context.Context, owner string, draft key.Draft, path string) error {
	if path != "" {
		return m.file(ctx, owner, draft, path)
	}
	token, err := m.mint(ctx, owner, draft)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(m.output, token)
	return err
}

// explained adds to the error of a missing table how to create it.
func explained(err error, name string) error {
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
		return fmt.Errorf("there is no table %s; make deploy creates it", name)
	}
	return err
}

// mint stores a new key and returns its token.
func (m minter) mint(ctx context.Context, owner string, draft key.Draft) (string, error) {
	k, token, err := draft.Key(owner, "", m.now())
	if err != nil {
		return "", err
	}
	return token, m.keys.Create(ctx, k)
}

// file ensures that the file contains a valid token with the owner and scopes.
// The file is replaced atomically, so it never contains half a token.
func (m minter) file(ctx context.Context, owner string, draft key.Draft, path string) error {
	good, err := m.good(ctx, owner, draft, path)
	if err != nil {
		return err
	}
	if good {
		return os.Chmod(path, 0o600)
	}
	// The temporary file has mode 0600. It is created first, so that no key is
	// created whose token cannot be stored.
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	token, err := m.mint(ctx, owner, draft)
	if err != nil {
		return err
	}
	if _, err := temporary.WriteString(token + "\n"); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// good reports whether the file already contains such a token.
func (m minter) good(ctx context.Context, owner string, draft key.Draft, path string) (bool, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	id, secret, ok := key.Parse(strings.TrimSpace(string(text)))
	if !ok {
		return false, fmt.Errorf("%s contains something other than an API key and was not changed", path)
	}
	k, err := m.keys.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	wanted, _, err := draft.Key(owner, "", m.now())
	if err != nil {
		return false, err
	}
	same := k.Owner == owner && slices.Equal(k.Grants(), wanted.Scopes)
	return same && k.Admits(secret, m.now()), nil
}

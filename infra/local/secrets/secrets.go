// Package secrets is the part of AWS Secrets Manager that functions and stacks use: secrets
// of a template, whose random values are generated once, with their current and previous
// version, in one file that only its owner may read.
package secrets

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/minim-dev/minim/infra/local/awsjson"
	"github.com/minim-dev/minim/infra/local/disk"
)

// Options are the settings of a Store. All are required.
type Options struct {
	Region, Account string
	Path            string // of the file
}

// Store stores secrets. It is safe for concurrent use.
type Store struct {
	o    Options
	file disk.Latest // changes are written after mu is released

	mu      sync.Mutex
	secrets map[string]*secret // by name
}

type secret struct {
	Versions []version `json:"versions"` // the current one, then the previous one
}

type version struct {
	ID    string    `json:"id"`
	Value string    `json:"value"`
	At    time.Time `json:"at"`
}

// Declaration is a secret of a template: its value, or how to generate it.
type Declaration struct {
	Name, Value string
	Generate    *Generate
}

// Generate describes how to generate a value.
type Generate struct {
	Length                                                                 int // 0 means 32
	ExcludeCharacters                                                      string
	ExcludeLowercase, ExcludeUppercase, ExcludeNumbers, ExcludePunctuation bool
	IncludeSpace                                                           bool
	// Template is a JSON object to which the value is added under Key.
	Template, Key string
}

// Open reads the stored secrets.
func Open(o Options) (*Store, error) {
	s := &Store{o: o, file: disk.Latest{Path: o.Path}, secrets: map[string]*secret{}}
	text, err := os.ReadFile(o.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	if err := json.Unmarshal(text, &s.secrets); err != nil || s.damaged() {
		return nil, fmt.Errorf("%s is damaged; remove the file to generate new secrets", o.Path)
	}
	return s, nil
}

func (s *Store) damaged() bool {
	for _, each := range s.secrets {
		if each == nil || len(each.Versions) == 0 {
			return true
		}
	}
	return s.secrets == nil
}

// Declare creates a secret of a template, unless it exists. As in CloudFormation, an
// existing value remains.
func (s *Store) Declare(d Declaration) error {
	if err := s.declare(d); err != nil {
		return err
	}
	return s.write()
}

func (s *Store) declare(d Declaration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.secrets[d.Name] != nil {
		return nil
	}
	value := d.Value
	if d.Generate != nil {
		var err error
		if value, err = d.Generate.value(); err != nil {
			return fmt.Errorf("create the secret %s: %w", d.Name, err)
		}
	}
	s.secrets[d.Name] = &secret{Versions: []version{{ID: newID(), Value: value, At: time.Now().UTC()}}}
	return s.save()
}

// Value returns the current value of a secret, by its name or ARN. With a key, the value
// must be a JSON object, and Value returns that member.
func (s *Store) Value(id, key string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, found, err := s.find(id)
	if err != nil {
		return "", false
	}
	value := found.Versions[0].Value
	if key == "" {
		return value, true
	}
	var object map[string]string
	if err := json.Unmarshal([]byte(value), &object); err != nil {
		return "", false
	}
	value, ok := object[key]
	return value, ok
}

// ARN returns the ARN of a secret. In AWS its last six letters are random.
func ARN(region, account, name string) string {
	return "arn:aws:secretsmanager:" + region + ":" + account + ":secret:" + name + suffix
}

const suffix = "-000000"

// find finds a secret by its name or ARN. The caller holds mu.
func (s *Store) find(id string) (string, *secret, error) {
	name := strings.TrimPrefix(id, strings.TrimSuffix(ARN(s.o.Region, s.o.Account, ""), suffix))
	if name != id {
		name = strings.TrimSuffix(name, suffix)
	}
	found := s.secrets[name]
	if found == nil {
		return name, nil, awsjson.Fault("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
	}
	return name, found, nil
}

// value generates a random secret.
func (g Generate) value() (string, error) {
	kinds := []struct {
		out     bool
		letters string
	}{
		{g.ExcludeLowercase, "abcdefghijklmnopqrstuvwxyz"}, {g.ExcludeUppercase, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {g.ExcludeNumbers, "0123456789"},
		{g.ExcludePunctuation, "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"}, {!g.IncludeSpace, " "},
	}
	var letters string
	for _, kind := range kinds {
		if !kind.out {
			letters += kind.letters
		}
	}
	letters = strings.Map(func(r rune) rune {
		if strings.ContainsRune(g.ExcludeCharacters, r) {
			return -1
		}
		return r
	}, letters)
	if letters == "" {
		return "", errors.New("all characters are excluded")
	}
	length := g.Length
	if length == 0 {
		length = 32
	}
	made := make([]byte, 0, length)
	for random := make([]byte, 1); len(made) < length; {
		_, _ = rand.Read(random) // never fails
		// Skip numbers above the last multiple: they would make the first letters more likely.
		if at := int(random[0]); at < 256/len(letters)*len(letters) {
			made = append(made, letters[at%len(letters)])
		}
	}
	if g.Key == "" {
		return string(made), nil
	}
	object := map[string]any{}
	if err := json.Unmarshal([]byte(g.Template), &object); err != nil {
		return "", fmt.Errorf("SecretStringTemplate: %w", err)
	}
	object[g.Key] = string(made)
	text, err := json.Marshal(object)
	return string(text), err
}

// put sets the current value. The old one becomes the previous value. The caller holds mu.
func (s *Store) put(found *secret, id, value string) {
	found.Versions = slices.Insert(found.Versions[:1], 0, version{ID: id, Value: value, At: time.Now().UTC()})
}

// save encodes the state for write. The caller holds mu.
func (s *Store) save() error {
	text, err := json.MarshalIndent(s.secrets, "", "  ")
	if err != nil {
		return fmt.Errorf("write the secrets: %w", err)
	}
	s.file.Offer(append(text, '\n'))
	return nil
}

// write returns when all changes are in the file. The caller must not hold mu.
func (s *Store) write() error {
	if err := s.file.Write(); err != nil {
		return fmt.Errorf("write the secrets: %w", err)
	}
	return nil
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Package ssm is the Parameter Store of AWS Systems Manager: parameters with
// their versions, in one file.
//
// Values of type SecureString are not encrypted in that file, which only its owner may
// read. Calls without decryption return a placeholder for them.
package ssm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
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

// Store stores parameters. It is safe for concurrent use.
type Store struct {
	o    Options
	file disk.Latest // changes are written after mu is released

	mu         sync.Mutex
	parameters map[string]*parameter
}

// Declaration is a parameter of a template.
type Declaration struct {
	Name, Type, Value, Description, AllowedPattern, DataType string
}

// parameter is a parameter with its history, oldest version first.
type parameter struct {
	Versions []version `json:"versions"`
	// Declared is the latest declaration of the template, if it has the parameter.
	Declared *Declaration `json:"declared,omitempty"`
}

type version struct {
	Number         int       `json:"number"`
	Type           string    `json:"type"`
	Value          string    `json:"value"`
	Description    string    `json:"description,omitempty"`
	AllowedPattern string    `json:"allowedPattern,omitempty"`
	DataType       string    `json:"dataType"`
	Tier           string    `json:"tier"`
	At             time.Time `json:"at"`
	By             string    `json:"by"`
}

// keep is the maximum number of versions of a parameter.
const keep = 100

// Open reads the stored parameters.
func Open(o Options) (*Store, error) {
	s := &Store{o: o, file: disk.Latest{Path: o.Path}, parameters: map[string]*parameter{}}
	text, err := os.ReadFile(o.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the parameters: %w", err)
	}
	if err := json.Unmarshal(text, &s.parameters); err != nil || s.damaged() {
		return nil, fmt.Errorf("%s is damaged; remove the file to continue without the parameters in it", o.Path)
	}
	return s, nil
}

func (s *Store) damaged() bool {
	for _, p := range s.parameters {
		if p == nil || len(p.Versions) == 0 {
			return true
		}
	}
	return s.parameters == nil
}

// Check returns an error if a declaration is invalid.
func (d Declaration) Check() error {
	v := d.version()
	if err := v.check(d.Name, &parameter{}); err != nil {
		return fmt.Errorf("create the parameter %s: %w", d.Name, err)
	}
	if d.Type == secure {
		return fmt.Errorf("create the parameter %s: CloudFormation cannot create a %s; put it with aws ssm put-parameter", d.Name, secure)
	}
	return nil
}

func (d Declaration) version() version {
	return version{Type: d.Type, Value: d.Value, Description: d.Description, AllowedPattern: d.AllowedPattern, DataType: d.DataType}
}

// Declare applies the parameters of a template. A value that was put later remains until
// the template changes. Declare deletes the parameters that were removed from the
// template.
func (s *Store) Declare(all []Declaration) error {
	if err := s.declare(all); err != nil {
		return err
	}
	return s.write()
}

func (s *Store) declare(all []Declaration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := map[string]bool{}
	for _, d := range all {
		wanted[d.Name] = true
		if p := s.parameters[d.Name]; p != nil && p.Declared != nil && *p.Declared == d {
			continue
		}
		change := d.version()
		if p := s.parameters[d.Name]; p != nil && p.latest().Type != d.Type {
			delete(s.parameters, d.Name) // CloudFormation would replace it
		}
		if _, err := s.add(d.Name, change, true, "template"); err != nil {
			return fmt.Errorf("create the parameter %s: %w", d.Name, err)
		}
		s.parameters[d.Name].Declared = &d
	}
	maps.DeleteFunc(s.parameters, func(name string, p *parameter) bool { return p.Declared != nil && !wanted[name] })
	return s.save()
}

// Value returns the value of a parameter, by its name, or by its name and version as in
// "name:2". It returns no SecureStrings, because templates cannot use them.
func (s *Store) Value(name string) (value string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, v, err := s.find(name)
	if err != nil || v.Type == secure {
		return "", false
	}
	return v.Value, true
}

// find finds a parameter by its name or ARN, optionally with a version after a colon. The
// caller holds mu.
func (s *Store) find(given string) (name string, v version, err error) {
	name, selector, selected := strings.Cut(strings.TrimPrefix(given, s.arn("")), ":")
	p := s.parameters[name]
	if p == nil && strings.HasPrefix(given, "arn:") { // ARNs omit the first slash of a name
		name = "/" + name
		p = s.parameters[name]
	}
	if p == nil {
		return name, version{}, awsjson.Fault("ParameterNotFound", "Parameter %s not found.", given)
	}
	if !selected {
		return name, p.latest(), nil
	}
	for _, v := range p.Versions {
		if strconv.Itoa(v.Number) == selector {
			return name, v, nil
		}
	}
	return name, version{}, awsjson.Fault("ParameterVersionNotFound",
		"Systems Manager could not find version %s of %s. Verify the version and try again.", selector, name)
}

func (p *parameter) latest() version { return p.Versions[len(p.Versions)-1] }

// add adds a version, and creates the parameter if necessary. The caller holds mu.
func (s *Store) add(name string, v version, overwrite bool, by string) (version, error) {
	p := s.parameters[name]
	if p != nil && !overwrite {
		return version{}, awsjson.Fault("ParameterAlreadyExists",
			"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	}
	if p == nil {
		p = &parameter{}
	} else {
		v = v.after(p.latest())
	}
	if err := v.check(name, p); err != nil {
		return version{}, err
	}
	v.At, v.By = time.Now().UTC(), by
	p.Versions = append(p.Versions, v)
	if extra := len(p.Versions) - keep; extra > 0 {
		p.Versions = slices.Delete(p.Versions, 0, extra)
	}
	s.parameters[name] = p
	return v, nil
}

// save encodes the state for write. The caller holds mu.
func (s *Store) save() (err error) {
	text, err := json.MarshalIndent(s.parameters, "", "  ")
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s.file.Offer(append(text, '\n'))
	return nil
}

// write returns when all changes are in the file. The caller must not hold mu.
func (s *Store) write() error {
	if err := s.file.Write(); err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	return nil
}

// arn returns the ARN of a parameter, without a double slash before its name.
func (s *Store) arn(name string) string {
	return "arn:aws:ssm:" + s.o.Region + ":" + s.o.Account + ":parameter/" + strings.TrimPrefix(name, "/")
}

// Package account serves calls about the emulated account: the caller's identity (STS), the stack's resources
// (CloudFormation), and the logs of its functions (CloudWatch Logs).
package account

import (
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// kept is the number of lines of a function's log that are stored.
const kept = 5000

// Resource is a resource of the stack.
type Resource struct{ ID, Type, PhysicalID string }

// Options are the settings of a Server.
type Options struct {
	Region, Account string
	Stack           string
	Resources       []Resource
	Outputs         map[string]string
	// Caller returns the ARN of a request's signer, or "" if it is unknown.
	Caller func(r *http.Request) string
	Now    func() time.Time // default time.Now
}

// Server serves the calls. It is safe for concurrent use.
type Server struct {
	o       Options
	created time.Time

	mu     sync.Mutex
	groups map[string][]line
	count  int64
}

type line struct {
	stream, text string
	at           time.Time
	number       int64
}

// New returns a Server.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Server{o: o, created: o.Now(), groups: map[string][]line{}}
}

// Log stores a line of a function's log.
func (s *Server) Log(function, stream string, at time.Time, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	group := "/aws/lambda/" + function
	s.count++
	lines := append(s.groups[group], line{stream, strings.TrimSuffix(string(text), "\n"), at, s.count})
	if len(lines) > 2*kept {
		lines = slices.Clone(lines[len(lines)-kept:])
	}
	s.groups[group] = lines
}

// Handler serves STS, CloudFormation and CloudWatch Logs, and passes all other requests to next.
func (s *Server) Handler(next http.Handler) http.Handler {
	logs := s.logs()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Header.Get("X-Amz-Target"), "Logs_20140328.") {
			logs.ServeHTTP(w, r)
			return
		}
		form := s.form(r)
		switch form.Get("Action") {
		case "GetCallerIdentity":
			s.identity(w, r)
		case "DescribeStacks":
			s.stacks(w, form.Get("StackName"))
		case "DescribeStackResources", "ListStackResources":
			s.resources(w, form.Get("Action"), form.Get("StackName"))
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// maxForm is larger than all valid calls in the Query protocol.
const maxForm = 1 << 20

// form returns the form of a call in the Query protocol. The body can be read again afterwards.
func (s *Server) form(r *http.Request) url.Values {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return r.URL.Query()
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	form, _ := url.ParseQuery(string(body))
	return form
}

type callerIdentity struct {
	XMLName xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	ARN     string   `xml:"GetCallerIdentityResult>Arn"`
	UserID  string   `xml:"GetCallerIdentityResult>UserId"`
	Account string   `xml:"GetCallerIdentityResult>Account"`
}

func (s *Server) identity(w http.ResponseWriter, r *http.Request) {
	arn := s.o.Caller(r)
	if arn == "" {
		fault(w, http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid.")
		return
	}
	id := "AKIALOCALCLOUDROOT00"
	if _, session, found := strings.Cut(arn, ":assumed-role/"); found {
		id = "AROALOCALCLOUD:" + session[strings.LastIndex(session, "/")+1:]
	}
	write(w, http.StatusOK, callerIdentity{ARN: arn, UserID: id, Account: s.o.Account})
}

const cloudFormation = "http://cloudformation.amazonaws.com/doc/2010-05-15/"

type stackList struct {
	XMLName xml.Name
	Stacks  []stack `xml:"DescribeStacksResult>Stacks>member"`
}

type stack struct {
	StackName, StackId, StackStatus, CreationTime string
	Outputs                                       []output `xml:"Outputs>member"`
}

type output struct{ OutputKey, OutputValue string }

func (s *Server) id() string {
	return "arn:aws:cloudformation:" + s.o.Region + ":" + s.o.Account + ":stack/" + s.o.Stack + "/local"
}

// known reports whether a name is that of the stack. If not, it answers with an error.
func (s *Server) known(w http.ResponseWriter, name string) bool {
	if name == "" || name == s.o.Stack || name == s.id() {
		return true
	}
	fault(w, http.StatusBadRequest, "ValidationError", "Stack with id "+name+" does not exist")
	return false
}

func (s *Server) stacks(w http.ResponseWriter, name string) {
	if !s.known(w, name) {
		return
	}
	one := stack{StackName: s.o.Stack, StackId: s.id(), StackStatus: "CREATE_COMPLETE", CreationTime: s.created.UTC().Format(time.RFC3339)}
	for key, value := range s.o.Outputs {
		one.Outputs = append(one.Outputs, output{key, value})
	}
	slices.SortFunc(one.Outputs, func(a, b output) int { return strings.Compare(a.OutputKey, b.OutputKey) })
	write(w, http.StatusOK, stackList{XMLName: xml.Name{Space: cloudFormation, Local: "DescribeStacksResponse"}, Stacks: []stack{one}})
}

type resource struct {
	LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus string
	StackName, StackId, Timestamp, LastUpdatedTimestamp                 string
}

func (s *Server) resources(w http.ResponseWriter, action, name string) {
	if !s.known(w, name) {
		return
	}
	at := s.created.UTC().Format(time.RFC3339)
	var all []resource
	for _, r := range s.o.Resources {
		all = append(all, resource{r.ID, r.PhysicalID, r.Type, "CREATE_COMPLETE", s.o.Stack, s.id(), at, at})
	}
	var described struct {
		XMLName xml.Name
		Result  any
	}
	described.XMLName = xml.Name{Space: cloudFormation, Local: action + "Response"}
	if action == "ListStackResources" {
		described.Result = struct {
			XMLName xml.Name   `xml:"ListStackResourcesResult"`
			All     []resource `xml:"StackResourceSummaries>member"`
		}{All: all}
	} else {
		described.Result = struct {
			XMLName xml.Name   `xml:"DescribeStackResourcesResult"`
			All     []resource `xml:"StackResources>member"`
		}{All: all}
	}
	write(w, http.StatusOK, described)
}

func fault(w http.ResponseWriter, status int, code, message string) {
	write(w, status, struct {
		XMLName xml.Name `xml:"ErrorResponse"`
		Type    string   `xml:"Error>Type"`
		Code    string   `xml:"Error>Code"`
		Message string   `xml:"Error>Message"`
	}{Type: "Sender", Code: code, Message: message})
}

func write(w http.ResponseWriter, status int, v any) {
	text, err := xml.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(err.Error())
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(text) // an error means that the client has gone
}

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/key"
	"github.com/minim-dev/minim/shared/session"
	"github.com/minim-dev/minim/shared/space"
)

// access describes who may call an operation.
type access struct {
	scope   key.Scope // callers with this scope, and admins
	anyone  bool      // all authenticated callers
	people  bool      // people who are signed in, in whatever space
	public  bool      // everybody
	foreign string    // the item that the path names (see foreign), which must not exist for other owners
}

// accesses describes the access to all operations of the contract.
func accesses() map[string]access {
	return map[string]access{
		"createLink":        {scope: key.LinksWrite},
		"listLinks":         {scope: key.LinksRead},
		"changeLinks":       {scope: key.LinksWrite},
		"getLink":           {scope: key.LinksRead, foreign: "link"},
		"editLink":          {scope: key.LinksWrite, foreign: "link"},
		"deleteLink":        {scope: key.LinksWrite, foreign: "link"},
		"restoreLink":       {scope: key.LinksWrite, foreign: "link"},
		"getLinkHistory":    {scope: key.LinksRead, foreign: "link"},
		"getLinkStats":      {scope: key.LinksRead, foreign: "link"},
		"listLinkClicks":    {scope: key.LinksRead, foreign: "link"},
		"getLinkQR":         {scope: key.LinksRead, foreign: "link"},
		"followLink":        {public: true},
		"checkLink":         {public: true},
		"openLink":          {public: true},
		"previewLink":       {public: true},
		"checkPreview":      {public: true},
		"reportLink":        {public: true},
		"drawLink":          {public: true},
		"checkDrawing":      {public: true},
		"listAbuse":         {scope: key.Admin},
		"removeAbuse":       {scope: key.Admin},
		"uploadImage":       {scope: key.ImagesWrite},
		"listImages":        {scope: key.ImagesRead},
		"getImage":          {scope: key.ImagesRead, foreign: "image"},
		"editImage":         {scope: key.ImagesWrite, foreign: "image"},
		"deleteImage":       {scope: key.ImagesWrite, foreign: "image"},
		"requestReport":     {scope: key.ReportsWrite},
		"listReports":       {scope: key.ReportsRead},
		"getReport":         {scope: key.ReportsRead, foreign: "report"},
		"listKeys":          {scope: key.KeysRead},
		"createKey":         {scope: key.KeysWrite},
		"getKey":            {scope: key.KeysRead, foreign: "key"},
		"revokeKey":         {scope: key.KeysWrite, foreign: "key"},
		"rotateKey":         {scope: key.KeysWrite, foreign: "key"},
		"getSession":        {anyone: true},
		"closeSession":      {people: true},
		"closeOtherSession": {people: true},
		"listSpaces":        {people: true},
		"createSpace":       {people: true},
		"joinSpace":         {people: true},
		"getSpace":          {people: true},
		"renameSpace":       {people: true},
		"inviteMember":      {people: true},
		"revokeInvitation":  {people: true},
		"setMemberRole":     {people: true},
		"removeMember":      {people: true},
		"openSession":       {public: true},
		"completeSession":   {public: true},
		"getHealth":         {public: true},
	}
}

// foreign are items of another owner: the operation that creates one, and the field of its answer with its name.
func foreign() map[string][2]string {
	return map[string][2]string{
		"link":   {"createLink", "code"},
		"image":  {"uploadImage", "id"},
		"report": {"requestReport", "id"},
		"key":    {"createKey", "id"},
	}
}

// credential is a kind of credential for a request.
type credential struct {
	name    string
	header  http.Header
	scopes  []key.Scope // of a valid credential
	session bool
	named   bool // names a space
	outside bool // that the person is not a member of
	reads   bool // valid only for requests that change nothing
	refused int  // the gateway's answer if it is invalid
}

// want returns the status of an operation that requires a credential: 401, 403, or 0 for any other status. problem
// reports whether the function, which knows the caller, sends the refusal.
func (c credential) want(a access, o operation) (status int, problem bool) {
	change := o.method != http.MethodGet && o.method != http.MethodHead
	switch {
	case c.scopes == nil:
		return c.refused, false
	case c.reads && change:
		return http.StatusForbidden, false
	case c.outside && !a.people:
		return http.StatusNotFound, true
	case a.anyone || a.people && c.session || a.scope != "" && (slices.Contains(c.scopes, a.scope) || slices.Contains(c.scopes, key.Admin)):
		return 0, false
	}
	return http.StatusForbidden, true
}

// matrix checks the access to every operation of the contract with every kind of credential, in a fresh local cloud.
type matrix struct {
	*testing.T
	cloud   *cloud
	db      *dynamodb.Client
	browser *browser
}

func authorization(t *testing.T, c *cloud) {
	t.Helper()
	began := time.Now()
	m := &matrix{T: t, cloud: c}
	m.connect()
	router, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	operations, rows := router.operations(), accesses()
	for _, o := range operations {
		a, ok := rows[o.OperationID]
		if delete(rows, o.OperationID); !ok {
			t.Errorf("%s (%s %s) is missing in accesses", o.OperationID, o.method, o.path)
		}
		if documented := o.scope(); documented != string(a.scope) {
			t.Errorf("%s needs the scope %q, but its description has %q", o.OperationID, a.scope, documented)
		}
	}
	for row := range rows {
		t.Errorf("there is no operation %s", row)
	}
	all := m.credentials(m.signIn())
	closing := m.credentials(m.signIn()) // separate sessions for the operation that ends one
	things := m.things(router)
	all = append(all, credential{name: "another owner's key", header: bearer(m.key("bob", everything()...)), scopes: everything()})
	limit := make(chan struct{}, 4)
	var wait sync.WaitGroup
	for _, o := range operations {
		columns := all
		if o.OperationID == "closeSession" {
			columns = slices.DeleteFunc(closing, func(c credential) bool { return c.named }) // in each space it ends the same session
		}
		wait.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			m.check(o, accesses()[o.OperationID], columns, things)
		})
	}
	wait.Wait()
	t.Logf("%d operations with %d credentials in %s", len(operations), len(all), time.Since(began).Round(time.Second))
}

// check sends an operation with each credential. The item in its path does not exist, so nothing is changed.
func (m *matrix) check(o operation, a access, columns []credential, things map[string]string) {
	path := variable.ReplaceAllStringFunc(o.path, missing)
	for _, c := range columns {
		got := m.send(o.method, path, c.header, "")
		want, problem := c.want(a, o)
		if a.public {
			want, problem = 0, false
		}
		refused := got.status == http.StatusUnauthorized || got.status == http.StatusForbidden || c.outside && !a.people && !a.public && got.status == http.StatusNotFound
		if refused && got.status != want || !refused && want != 0 {
			m.Errorf("%s with %s: %d, want %d (0: neither 401 nor 403): %.200s", o.OperationID, c.name, got.status, want, got.body)
		}
		if byFunction := strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json"); want != 0 && byFunction != problem {
			m.Errorf("%s with %s is refused by the wrong component: %.200s", o.OperationID, c.name, got.body)
		}
	}
	if a.foreign == "" {
		return
	}
	body, err := o.example()
	if err != nil {
		m.Error(err)
	}
	path = variable.ReplaceAllString(o.path, things[a.foreign])
	if got := m.send(o.method, path, columns[len(columns)-1].header, body); got.status != http.StatusNotFound {
		m.Errorf("%s: the %s of another owner: %d %.200s", o.OperationID, a.foreign, got.status, got.body)
	}
}

// everything returns the scopes of a person.
func everything() []key.Scope { return space.Admin.Scopes() }

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// credentials returns all kinds, with live, ended and expired sessions.
func (m *matrix) credentials(live string) []credential {
	id, secret, _ := key.Parse(m.key("valid", everything()...))
	expired, revoked := m.key("expired", everything()...), m.key("revoked", everything()...)
	m.expire("keys", idOf(expired))
	m.remove("keys", idOf(revoked))
	ended, old := m.signIn(), m.signIn()
	m.remove("sessions", session.Digest(ended))
	m.expire("sessions", session.Digest(old))
	cookie := func(token string, more http.Header) http.Header {
		header := http.Header{"Cookie": {session.Cookie + "=" + token}}
		for name, values := range more {
			header[name] = values
		}
		return header
	}
	all := []credential{
		{name: "no credential", header: http.Header{}, refused: http.StatusUnauthorized},
		{name: "a malformed key", header: bearer("mk_x"), refused: http.StatusForbidden},
		{name: "a password", header: http.Header{"Authorization": {"Basic bWU6cGFzcw=="}}, refused: http.StatusForbidden},
		{name: "an unsigned token", header: bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiJtZSJ9."), refused: http.StatusForbidden},
		{name: "a wrong secret", header: bearer("mk_" + id + "_" + strings.ToLower(secret)), refused: http.StatusForbidden},
		{name: "an unknown key", header: bearer("mk_none_" + secret), refused: http.StatusForbidden},
		{name: "an expired key", header: bearer(expired), refused: http.StatusForbidden},
		{name: "a revoked key", header: bearer(revoked), refused: http.StatusForbidden},
		{name: "an unknown session", header: cookie(session.Token(""), sameOrigin()), refused: http.StatusForbidden},
		{name: "an ended session", header: cookie(ended, sameOrigin()), refused: http.StatusForbidden},
		{name: "an expired session", header: cookie(old, sameOrigin()), refused: http.StatusForbidden},
		{name: "a session's token as a key", header: bearer(live), refused: http.StatusForbidden},
		{name: "a session, no origin", header: cookie(live, nil), scopes: everything(), session: true, reads: true},
		{name: "a session, another site", header: cookie(live, http.Header{"Sec-Fetch-Site": {"cross-site"}}), scopes: everything(), session: true, reads: true},
		{name: "a session, the site", header: cookie(live, sameOrigin()), scopes: everything(), session: true},
		{name: "a session, another space", header: cookie(live, in("sp_abcdefghijklmnop")), scopes: everything(), session: true, named: true, outside: true},
		{name: "a session, another person's space", header: cookie(live, in("u-abcdefghijklmnopqrstuvwxyz")), scopes: everything(), session: true, named: true, outside: true},
	}
	for _, role := range space.Roles() {
		all = append(all, credential{name: "the role " + string(role), header: cookie(live, in(m.space(live, role))), scopes: role.Scopes(), session: true, named: true})
	}
	for _, scope := range key.Scopes() {
		all = append(all, credential{name: "the scope " + string(scope), header: bearer(m.key("a-"+strings.ReplaceAll(string(scope), ":", "-"), scope)), scopes: []key.Scope{scope}})
	}
	return all
}

// things creates one item of each kind, owned by ann.
func (m *matrix) things(router document) map[string]string {
	ann := bearer(m.key("ann", everything()...))
	things := map[string]string{}
	for kind, made := range foreign() {
		at := slices.IndexFunc(router.operations(), func(o operation) bool { return o.OperationID == made[0] })
		o := router.operations()[at]
		body, err := o.example()
		if err != nil {
			m.Fatal(err)
		}
		var answer map[string]any
		got := m.send(o.method, o.path, ann, body)
		if err := json.Unmarshal(got.body, &answer); err != nil || got.status/100 != 2 {
			m.Fatalf("%s: %d %s", made[0], got.status, got.body)
		}
		things[kind] = fmt.Sprint(answer[made[1]])
		path := o.path + "/" + url.PathEscape(things[kind])
		for began := time.Now(); m.send(http.MethodGet, path, ann, "").status != http.StatusOK; time.Sleep(200 * time.Millisecond) {
			if time.Since(began) > time.Minute {
				m.Fatalf("ann has no %s", path)
			}
		}
	}
	return things
}

// send sends a request, and retries it if the route's throttle refuses it.
func (m *matrix) send(method, path string, header http.Header, body string) answer {
	for try := 0; ; try++ {
		request, err := http.NewRequestWithContext(m.Context(), method, m.cloud.base+path, bytes.NewReader([]byte(body)))
		if err != nil {
			m.Error(err)
			return answer{}
		}
		request.Header = header.Clone()
		got, err := exchangePatiently(request)
		if err != nil {
			m.Error(err)
		}
		if got.status != http.StatusTooManyRequests || try == 100 {
			return got
		}
		time.Sleep(300 * time.Millisecond)
	}
}

// signIn returns the token of a new session: with the one-time link of make dev, or with the browser's session at the pool.
func (m *matrix) signIn() string {
	b := m.browser
	if b == nil {
		printed, err := os.ReadFile(filepath.Join(m.cloud.state, "sign-in"))
		if err != nil {
			m.Fatal(err)
		}
		b = newBrowser(m.T, m.cloud)
		m.browser = b
		b.visit(strings.TrimSpace(string(printed)))
	} else { // a browser with a session would end it
		b.client.Jar.SetCookies(b.home(), []*http.Cookie{{Name: session.Cookie, Path: "/", MaxAge: -1, Secure: true}})
		b.visit(m.cloud.base + "/api/session/new?to=/app/")
	}
	for _, cookie := range b.cookies() {
		if cookie.Name == session.Cookie {
			return cookie.Value
		}
	}
	m.Fatalf("not signed in at %s: %s", b.at, b.page)
	return ""
}

func (m *matrix) key(owner string, scopes ...key.Scope) string {
	token, err := m.cloud.key(m.Context(), owner, key.JoinScopes(scopes, ","))
	if err != nil {
		m.Fatal(err)
	}
	return token
}

func idOf(token string) string {
	id, _, _ := key.Parse(token)
	return id
}

// connect creates a client of the tables.
func (m *matrix) connect() {
	endpoints, err := m.cloud.endpoints()
	if err != nil {
		m.Fatal(err)
	}
	m.db = dynamodb.New(dynamodb.Options{
		Region: endpoints["AWS_REGION"], BaseEndpoint: aws.String(endpoints["AWS_ENDPOINT_URL_DYNAMODB"]),
		Credentials: credentials.NewStaticCredentialsProvider(endpoints["AWS_ACCESS_KEY_ID"], endpoints["AWS_SECRET_ACCESS_KEY"], ""),
	})
}

// expire changes an item into an expired one.
func (m *matrix) expire(table, id string) {
	if _, err := m.db.UpdateItem(m.Context(), &dynamodb.UpdateItemInput{
		TableName: aws.String("minim-local-" + table), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
		UpdateExpression: aws.String("SET expiresAt = :past"), ConditionExpression: aws.String("attribute_exists(id)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":past": &types.AttributeValueMemberS{Value: "2026-01-01T00:00:00.000Z"}},
	}); err != nil {
		m.Fatal(err)
	}
}

func (m *matrix) remove(table, id string) {
	if _, err := m.db.DeleteItem(m.Context(), &dynamodb.DeleteItemInput{
		TableName: aws.String("minim-local-" + table), Key: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
		ConditionExpression: aws.String("attribute_exists(id)"),
	}); err != nil {
		m.Fatal(err)
	}
}

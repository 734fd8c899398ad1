package cognito

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// attribute is an attribute of a user in the API.
type attribute struct{ Name, Value string }

// request has the parameters of all supported calls.
type request struct {
	UserPoolId, Username, Password, TemporaryPassword string
	GroupName, MessageAction, Filter, PaginationToken string
	UserAttributes                                    []attribute
	AttributesToGet, UserAttributeNames               []string
	Permanent                                         bool
	Limit                                             *int
	Location                                          string // for SignInLink
}

// account is a user in the API. AdminGetUser has another name for the attributes.
type account struct {
	Username             string
	Attributes           []attribute `json:",omitempty"`
	UserAttributes       []attribute `json:",omitempty"`
	UserCreateDate       float64
	UserLastModifiedDate float64
	Enabled              bool
	UserStatus           string
}

// pageSize is the maximum number of users in an answer of ListUsers.
const pageSize = 60

// API serves the calls of AWSCognitoIdentityProviderService, and LocalCloud.SignInLink, which returns a URL that signs
// in a user once and redirects to Location or to the root of the application.
func (p *Pools) API() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		service, _, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		call := func(operation string, q request) (any, error) { return p.call(r.Context(), service, operation, q) }
		awsjson.Handler(service, call).ServeHTTP(w, r)
	})
}

func (p *Pools) call(ctx context.Context, service, operation string, q request) (any, error) {
	v := p.pools[q.UserPoolId]
	if v == nil {
		return nil, awsjson.Fault("ResourceNotFoundException", "User pool %s does not exist.", q.UserPoolId)
	}
	if service+"."+operation == "LocalCloud.SignInLink" {
		return v.signInLink(q)
	}
	operations := map[string]func(request) (any, error){
		"AdminSetUserPassword": v.setPassword, "AdminGetUser": v.getUser, "ListUsers": v.listUsers, "AdminDeleteUser": v.deleteUser,
		"AdminUpdateUserAttributes": v.updateUser, "AdminUserGlobalSignOut": v.signOutUser, "AdminListGroupsForUser": v.groupsOf,
		"AdminCreateUser":          func(q request) (any, error) { return v.createUser(ctx, q) },
		"AdminDisableUser":         func(q request) (any, error) { return v.enable(q, false) },
		"AdminEnableUser":          func(q request) (any, error) { return v.enable(q, true) },
		"AdminAddUserToGroup":      func(q request) (any, error) { return v.group(q, true) },
		"AdminRemoveUserFromGroup": func(q request) (any, error) { return v.group(q, false) },
		"AdminResetUserPassword":   v.resetUser,
		"AdminConfirmSignUp":       v.confirmUser,
		"ListGroups":               func(request) (any, error) { return map[string]any{"Groups": v.groups(v.Groups)}, nil },
	}
	do, ok := operations[operation]
	if !ok || service != "AWSCognitoIdentityProviderService" {
		return nil, awsjson.Fault("UnknownOperationException", "The local cloud's user pools do not support %q.", operation)
	}
	return do(q)
}

func given(all []attribute) map[string]string {
	values := map[string]string{}
	for _, a := range all {
		values[a.Name] = a.Value
	}
	return values
}

// account returns a user in the format of the API. The caller holds mu.
func (u *user) account(only []string) account {
	a := account{
		Username: u.Name, Enabled: !u.Disabled, UserStatus: u.Status,
		UserCreateDate: seconds(u.Created), UserLastModifiedDate: seconds(u.Modified),
	}
	all := []attribute{{"sub", u.Sub}}
	for name, value := range u.Attributes {
		all = append(all, attribute{name, value})
	}
	slices.SortFunc(all, func(a, b attribute) int { return strings.Compare(a.Name, b.Name) })
	a.Attributes = slices.DeleteFunc(all, func(a attribute) bool { return only != nil && !slices.Contains(only, a.Name) })
	return a
}

func seconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

// edit changes a user.
func (v *provider) edit(name string, do func(*state, *user) error) (any, error) {
	err := v.change(func(s *state) error {
		u, ok := s.find(&v.Pool, name)
		if !ok {
			return unknownUser()
		}
		if err := do(s, u); err != nil {
			return err
		}
		u.Modified = v.now().UTC()
		return nil
	})
	return struct{}{}, err
}

func (v *provider) createUser(ctx context.Context, q request) (any, error) {
	if q.MessageAction == "RESEND" {
		return v.inviteAgain(q)
	}
	made, err := v.invite(ctx, q.Username, given(q.UserAttributes), q.TemporaryPassword, q.MessageAction == "SUPPRESS")
	if err != nil {
		return nil, err
	}
	var shown account
	err = v.read(func(*state) error {
		shown = made.account(nil)
		return nil
	})
	return map[string]any{"User": shown}, err
}

// inviteAgain mails a new temporary password to a user who has not signed in yet.
func (v *provider) inviteAgain(q request) (any, error) {
	password := v.Password.temporary()
	hash := hashPassword(password)
	var shown account
	var to string
	_, err := v.edit(q.Username, func(_ *state, u *user) error {
		if u.Status != mustChange {
			return awsjson.Fault("UnsupportedUserStateException", "Resend not possible. The user is in the state %s.", u.Status)
		}
		u.temporary(hash, v.now(), v.TemporaryDays)
		shown, to = u.account(nil), u.Attributes["email"]
		return nil
	})
	if err == nil {
		err = v.mail(to, v.Messages.InvitationSubject, v.Messages.Invitations, q.Username, password)
	}
	return map[string]any{"User": shown}, err
}

func (v *provider) setPassword(q request) (any, error) {
	if err := v.Password.check(q.Password); err != nil {
		return nil, err
	}
	hash := hashPassword(q.Password)
	return v.edit(q.Username, func(_ *state, u *user) error {
		if q.Permanent {
			u.permanent(hash, v.now())
		} else {
			u.temporary(hash, v.now(), v.TemporaryDays)
		}
		return nil
	})
}

func (v *provider) getUser(q request) (any, error) {
	var a account
	err := v.read(func(s *state) error {
		u, ok := s.find(&v.Pool, q.Username)
		if !ok {
			return unknownUser()
		}
		a = u.account(nil)
		a.UserAttributes, a.Attributes = a.Attributes, nil
		return nil
	})
	return a, err
}

func (v *provider) updateUser(q request) (any, error) {
	change := given(q.UserAttributes)
	if err := v.checkAttributes(change); err != nil {
		return nil, err
	}
	return v.edit(q.Username, func(s *state, u *user) error {
		if other, ok := s.find(&v.Pool, change["email"]); ok && other != u && v.EmailNames {
			return awsjson.Fault("AliasExistsException", "An account with the given email already exists.")
		}
		for name, value := range change {
			u.Attributes[name] = value
		}
		return nil
	})
}

func (v *provider) deleteUser(q request) (any, error) {
	return v.edit(q.Username, func(s *state, u *user) error {
		v.signOut(s, u.Name)
		delete(s.Users, u.Name)
		return nil
	})
}

func (v *provider) signOutUser(q request) (any, error) {
	return v.edit(q.Username, func(s *state, u *user) error {
		v.signOut(s, u.Name)
		return nil
	})
}

// enable enables a user, or disables them and ends their sessions.
func (v *provider) enable(q request, enabled bool) (any, error) {
	return v.edit(q.Username, func(s *state, u *user) error {
		if u.Disabled = !enabled; u.Disabled {
			v.signOut(s, u.Name)
		}
		return nil
	})
}

func (v *provider) confirmUser(q request) (any, error) {
	return v.edit(q.Username, func(_ *state, u *user) error {
		if u.Status != unconfirmed {
			return notAuthorized("User cannot be confirmed. Current status is %s", u.Status)
		}
		u.Status, u.Code = confirmed, nil
		return nil
	})
}

func (v *provider) resetUser(q request) (any, error) {
	if err := v.sendCode(q.Username, resetPurpose); err != nil {
		return nil, err
	}
	return v.edit(q.Username, func(_ *state, u *user) error {
		u.Status = resetRequired
		return nil
	})
}

func (v *provider) group(q request, in bool) (any, error) {
	if !slices.Contains(v.Groups, q.GroupName) {
		return nil, awsjson.Fault("ResourceNotFoundException", "Group not found.")
	}
	return v.edit(q.Username, func(_ *state, u *user) error {
		u.inGroup(q.GroupName, in)
		return nil
	})
}

func (v *provider) groupsOf(q request) (any, error) {
	var names []string
	err := v.read(func(s *state) error {
		u, ok := s.find(&v.Pool, q.Username)
		if !ok {
			return unknownUser()
		}
		names = slices.Clone(u.Groups)
		return nil
	})
	return map[string]any{"Groups": v.groups(names)}, err
}

func (v *provider) groups(names []string) []map[string]string {
	all := []map[string]string{}
	for _, name := range names {
		all = append(all, map[string]string{"GroupName": name, "UserPoolId": v.ID})
	}
	return all
}

// listUsers lists users, sorted by name. A token is the number of users before the page.
func (v *provider) listUsers(q request) (any, error) {
	match, err := filter(q.Filter)
	if err != nil {
		return nil, err
	}
	limit, from := pageSize, 0
	if q.Limit != nil {
		limit = *q.Limit
	}
	if q.PaginationToken != "" {
		from, err = strconv.Atoi(q.PaginationToken)
	}
	if err != nil || from < 0 || limit < 1 || limit > pageSize {
		return nil, invalidParameter("PaginationToken or Limit is not valid: at most %d users at once.", pageSize)
	}
	all := []account{}
	err = v.read(func(s *state) error {
		for _, u := range s.Users {
			if match(u) {
				all = append(all, u.account(q.AttributesToGet))
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b account) int { return strings.Compare(a.Username, b.Username) })
	from = min(from, len(all))
	to := min(len(all), from+limit)
	answer := map[string]any{"Users": all[from:to]}
	if to < len(all) {
		answer["PaginationToken"] = strconv.Itoa(to)
	}
	return answer, err
}

// filter parses NAME = "VALUE" or NAME ^= "PREFIX".
func filter(text string) (func(*user) bool, error) {
	if text == "" {
		return func(*user) bool { return true }, nil
	}
	name, value, ok := strings.Cut(text, "=")
	name, prefix := strings.CutSuffix(name, "^")
	name = strings.Trim(strings.TrimSpace(name), `"`)
	value, err := strconv.Unquote(strings.TrimSpace(value))
	known := []string{"username", "sub", "email", "name", "given_name", "family_name", "preferred_username", "phone_number", "status", "cognito:user_status"}
	if !ok || err != nil || !slices.Contains(known, name) {
		return nil, invalidParameter("Error while parsing filter: it is not ATTRIBUTE = \"VALUE\" or ATTRIBUTE ^= \"VALUE\" of a standard attribute.")
	}
	return func(u *user) bool {
		has := u.Attributes[name]
		switch name {
		case "username":
			has = u.Name
		case "sub":
			has = u.Sub
		case "cognito:user_status":
			has = u.Status
		case "status":
			has = "Enabled"
			if u.Disabled {
				has = "Disabled"
			}
		}
		return has == value || prefix && strings.HasPrefix(has, value)
	}, nil
}

// signInLink returns a link for a confirmed user.
func (v *provider) signInLink(q request) (any, error) {
	q.Location = cmp.Or(q.Location, v.home())
	if !v.leads(q.Location) {
		return nil, invalidParameter("Location must have the origin of a callback URL.")
	}
	var name string
	err := v.read(func(s *state) error {
		u, ok := s.find(&v.Pool, q.Username)
		if !ok {
			return unknownUser()
		}
		name = u.Name
		return s.mayEnter(name)
	})
	if err != nil {
		return nil, err
	}
	token := v.hold(v.links, name, linkTime)
	return map[string]string{"Link": v.Issuer + "/enter?" + url.Values{"token": {token}, "to": {q.Location}}.Encode()}, nil
}

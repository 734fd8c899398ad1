package cognito

import (
	"cmp"
	"context"
	"encoding/json"
	"html"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

// The errors of the service.
func invalidParameter(format string, args ...any) error {
	return awsjson.Fault("InvalidParameterException", format, args...)
}

func invalidPassword(reason string) error {
	return awsjson.Fault("InvalidPasswordException", "Password did not conform with policy: %s", reason)
}

func notAuthorized(format string, args ...any) error {
	return awsjson.Fault("NotAuthorizedException", format, args...)
}

func unknownUser() error { return awsjson.Fault("UserNotFoundException", "User does not exist.") }

// codeTries is the number of wrong guesses that invalidate a code; codeAge is the lifetime of a code, as in AWS.
const (
	codeTries     = 5
	verifyAge     = 24 * time.Hour
	resetAge      = time.Hour
	verifyPurpose = "verify"
	resetPurpose  = "reset"
)

// newUser creates a user with a name and attributes. The caller holds mu.
func (v *provider) newUser(s *state, name string, attributes map[string]string) (*user, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 128 || strings.ContainsAny(name, " \t\n") {
		return nil, invalidParameter("Invalid user name: 1 to 128 characters without spaces.")
	}
	attributes = maps.Clone(attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	if v.EmailNames {
		if !address(name) {
			return nil, invalidParameter("Username should be an email.")
		}
		attributes["email"] = v.fold(cmp.Or(attributes["email"], name))
		if attributes["email"] != v.fold(name) {
			return nil, invalidParameter("The user name and the email must be the same address.")
		}
	}
	if err := v.checkAttributes(attributes); err != nil {
		return nil, err
	}
	for _, taken := range []string{name, attributes["email"]} {
		if _, ok := s.find(&v.Pool, taken); ok && (taken == name || v.EmailNames) {
			return nil, awsjson.Fault("UsernameExistsException", "User account already exists")
		}
	}
	now := v.now().UTC()
	u := &user{Name: v.fold(name), Sub: newUUID(), Attributes: attributes, Status: unconfirmed, Created: now, Modified: now}
	if v.EmailNames {
		u.Name = u.Sub
	}
	return u, nil
}

// address reports whether a text looks like a mail address.
func address(text string) bool {
	name, domain, ok := strings.Cut(text, "@")
	return ok && name != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(text, " <>,;\r\n\"") && !strings.Contains(domain, "@")
}

func (v *provider) checkAttributes(all map[string]string) error {
	for name, value := range all {
		known := slices.Contains(standardAttributes(), name) || slices.Contains(v.Attributes, name)
		switch {
		case !known:
			return invalidParameter("Attributes did not conform to the schema: %s: Attribute does not exist in the schema.", name)
		case len(value) > 2048:
			return invalidParameter("Attributes did not conform to the schema: %s: too long.", name)
		case name == "email" && !address(value):
			return invalidParameter("Invalid email address format.")
		case strings.HasSuffix(name, "_verified") && value != "true" && value != "false":
			return invalidParameter("Attributes did not conform to the schema: %s: takes true or false.", name)
		}
	}
	return nil
}

// invite creates a user for an administrator, with a temporary password. It mails the password unless silent is set.
func (v *provider) invite(ctx context.Context, name string, attributes map[string]string, password string, silent bool) (*user, error) {
	decided, err := v.preSignUp(ctx, "PreSignUp_AdminCreateUser", "", name, attributes)
	if err != nil {
		return nil, err
	}
	password = cmp.Or(password, v.Password.temporary())
	if err := v.Password.check(password); err != nil {
		return nil, err
	}
	hash := hashPassword(password)
	var made *user
	err = v.change(func(s *state) error {
		u, err := v.newUser(s, name, attributes)
		if err != nil {
			return err
		}
		decided.apply(u)
		u.temporary(hash, v.now(), v.TemporaryDays)
		s.Users[u.Name], made = u, u
		return nil
	})
	if err == nil && !silent {
		err = v.mail(made.Attributes["email"], v.Messages.InvitationSubject, v.Messages.Invitations, name, password)
	}
	return made, err
}

// temporary sets a password that the user must change. The caller holds mu.
func (u *user) temporary(hash string, now time.Time, days int) {
	u.Password, u.Status, u.Modified = hash, mustChange, now.UTC()
	u.Until = now.Add(time.Duration(days) * 24 * time.Hour).UTC()
	u.Failures, u.Locked = 0, time.Time{}
}

// permanent sets a user's password. The caller holds mu.
func (u *user) permanent(hash string, now time.Time) {
	u.Password, u.Status, u.Modified, u.Until, u.Code = hash, confirmed, now.UTC(), time.Time{}, nil
	u.Failures, u.Locked = 0, time.Time{}
}

// declare creates a user of the template, unless it exists.
func (v *provider) declare(ctx context.Context, n NewUser) error {
	exists := false
	err := v.read(func(s *state) error {
		_, exists = s.find(&v.Pool, n.Name)
		return nil
	})
	if err == nil && !exists {
		_, err = v.invite(ctx, n.Name, n.Attributes, "", n.Silent)
	}
	if err != nil {
		return err
	}
	return v.change(func(s *state) error {
		u, ok := s.find(&v.Pool, n.Name)
		if !ok {
			return unknownUser()
		}
		for _, group := range n.Groups {
			u.inGroup(group, true)
		}
		return nil
	})
}

// signUp creates a user at the sign-up, and mails the code to confirm the address.
func (v *provider) signUp(ctx context.Context, client, name, password string, attributes map[string]string) error {
	if v.InvitedOnly {
		return notAuthorized("SignUp is not permitted for this user pool")
	}
	if err := v.Password.check(password); err != nil {
		return err
	}
	for _, required := range v.Required {
		if attributes[required] == "" && !(v.EmailNames && required == "email") {
			return invalidParameter("Attributes did not conform to the schema: %s: The attribute is required", required)
		}
	}
	decided, err := v.preSignUp(ctx, "PreSignUp_SignUp", client, name, attributes)
	if err != nil {
		return err
	}
	hash, code := hashPassword(password), digits()
	var made user
	err = v.change(func(s *state) error {
		u, err := v.newUser(s, name, attributes)
		if err != nil {
			return err
		}
		u.Password = hash
		u.Attributes["email_verified"] = "false"
		decided.apply(u)
		if u.Attributes["email"] != "" && v.VerifyEmail && u.Status == unconfirmed {
			u.Code = v.newCode(verifyPurpose, code, verifyAge)
		}
		s.Users[u.Name], made = u, *u
		return nil
	})
	if err != nil || made.Code == nil {
		return err
	}
	return v.mail(made.Attributes["email"], v.Messages.VerifySubject, v.Messages.VerifyText, name, code)
}

func (v *provider) newCode(purpose, text string, age time.Duration) *code {
	return &code{Purpose: purpose, Digest: digest(text), Until: v.now().Add(age).UTC()}
}

// sendCode mails a new code to a user's verified address, or to the address to verify.
func (v *provider) sendCode(name, purpose string) error {
	text, age := digits(), verifyAge
	if purpose == resetPurpose {
		age = resetAge
	}
	var to, shown string
	err := v.change(func(s *state) error {
		u, ok := s.find(&v.Pool, name)
		if !ok {
			return unknownUser()
		}
		if u.Disabled {
			return notAuthorized("User is disabled.")
		}
		if purpose == verifyPurpose && u.Status != unconfirmed {
			return invalidParameter("User is already confirmed.")
		}
		if purpose == resetPurpose && (u.Status != confirmed && u.Status != resetRequired || u.Attributes["email_verified"] != "true") {
			return invalidParameter("Cannot reset password for the user as there is no registered/verified email or phone_number")
		}
		u.Code = v.newCode(purpose, text, age)
		to, shown = u.Attributes["email"], u.Name
		return nil
	})
	if err != nil {
		return err
	}
	return v.mail(to, v.Messages.VerifySubject, v.Messages.VerifyText, shown, text)
}

// redeem checks a code that was mailed to a user, and returns the user. The caller holds mu.
func (v *provider) redeem(s *state, name, purpose, text string) (*user, error) {
	u, ok := s.find(&v.Pool, name)
	if !ok || u.Code == nil || u.Code.Purpose != purpose || !v.now().Before(u.Code.Until) {
		return nil, awsjson.Fault("ExpiredCodeException", "Invalid code provided, please request a code again.")
	}
	if u.Code.Digest != digest(strings.TrimSpace(text)) {
		if u.Code.Tries++; u.Code.Tries >= codeTries {
			u.Code = nil
		}
		return nil, awsjson.Fault("CodeMismatchException", "Invalid verification code provided, please try again.")
	}
	u.Code = nil
	return u, nil
}

// confirm confirms a new user with the code.
func (v *provider) confirm(name, text string) error {
	return v.change(func(s *state) error {
		u, err := v.redeem(s, name, verifyPurpose, text)
		if err != nil {
			return err
		}
		u.Status, u.Modified = confirmed, v.now().UTC()
		u.Attributes["email_verified"] = "true"
		return nil
	})
}

// reset sets a new password with the code.
func (v *provider) reset(name, text, password string) error {
	if err := v.Password.check(password); err != nil {
		return err
	}
	hash := hashPassword(password)
	return v.change(func(s *state) error {
		u, err := v.redeem(s, name, resetPurpose, text)
		if err == nil {
			u.permanent(hash, v.now())
		}
		return err
	})
}

// decision is the answer of the pool's function about a new user.
type decision struct {
	Confirm bool `json:"autoConfirmUser"`
	Verify  bool `json:"autoVerifyEmail"`
}

func (d decision) apply(u *user) {
	if d.Confirm {
		u.Status = confirmed
	}
	if d.Verify && u.Attributes["email"] != "" {
		u.Attributes["email_verified"] = "true"
	}
}

// preSignUp calls the pool's function, if any, which may reject a new user.
func (v *provider) preSignUp(ctx context.Context, source, client, name string, attributes map[string]string) (d decision, err error) {
	if v.PreSignUp == "" || v.pools.services.Invoke == nil {
		return d, nil
	}
	all := map[string]string{}
	maps.Copy(all, attributes)
	if v.EmailNames && all["email"] == "" {
		all["email"] = name
	}
	event, err := json.Marshal(map[string]any{
		"version": "1", "triggerSource": source, "region": v.pools.o.Region, "userPoolId": v.ID, "userName": name,
		"callerContext": map[string]any{"awsSdkVersion": "local", "clientId": cmp.Or(client, "CLIENT_ID_NOT_APPLICABLE")},
		"request":       map[string]any{"userAttributes": all, "validationData": nil},
		"response":      map[string]any{"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false},
	})
	if err != nil {
		return d, err
	}
	ctx, cancel := context.WithTimeout(ctx, triggerTime)
	defer cancel()
	out, problem, err := v.pools.services.Invoke(ctx, v.PreSignUp, event)
	if err != nil {
		return d, awsjson.Fault("UnexpectedLambdaException", "PreSignUp invocation failed: %v", err)
	}
	var answer struct {
		Response *decision `json:"response"`
		Message  string    `json:"errorMessage"`
	}
	failed := json.Unmarshal(out, &answer)
	if problem != "" {
		return d, awsjson.Fault("UserLambdaValidationException", "PreSignUp failed with error %s.", strings.TrimSuffix(answer.Message, "."))
	}
	if failed != nil || answer.Response == nil {
		return d, awsjson.Fault("InvalidLambdaResponseException", "Unrecognizable lambda output")
	}
	return *answer.Response, nil
}

// triggerTime is how long a pool waits for a function.
const triggerTime = 5 * time.Second

// mail sends a message, and inserts a name and a secret: a code or a password.
func (v *provider) mail(to, subject, text, name, secret string) error {
	if to == "" || v.pools.services.Mail == nil {
		return nil
	}
	fill := strings.NewReplacer("{####}", html.EscapeString(secret), "{username}", html.EscapeString(name))
	return v.pools.services.Mail(v.Messages.From, to, subject, fill.Replace(text))
}

package cognito

import (
	"embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/minim-dev/minim/infra/local/awsjson"
)

//go:embed pages
var files embed.FS

// page is a page with a form.
type page struct {
	Title, Problem, Note, Button string
	Root, Action, Pool           string
	Fields                       []field
	Links                        []link
}

type field struct {
	Name, Label, Type, Value, Complete string
	Digits                             bool
}

type link struct{ To, Text string }

// visit is a request for a page. Its query is that of the authorization request, to which it returns after the sign-in.
type visit struct {
	*provider
	w      http.ResponseWriter
	r      *http.Request
	query  url.Values
	client Client
}

// pages adds the pages of the pool. Other sites cannot submit their forms.
func (v *provider) pages(mux *http.ServeMux) {
	shape := template.Must(template.ParseFS(files, "pages/page.html"))
	same := http.NewCrossOriginProtection()
	for path, serve := range map[string]func(*visit) *page{
		"/login": (*visit).login, "/signup": (*visit).signUpPage, "/confirm": (*visit).confirmPage, "/resend": (*visit).resendPage,
		"/forgotPassword": (*visit).forgotPage, "/confirmForgotPassword": (*visit).resetPage, "/newPassword": (*visit).choosePage,
	} {
		mux.Handle(path, same.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { v.page(w, r, shape, serve) })))
	}
	mux.HandleFunc("GET /enter", v.enterByLink)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "pages/style.css") })
}

func (v *provider) page(w http.ResponseWriter, r *http.Request, shape *template.Template, serve func(*visit) *page) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Referrer-Policy", "same-origin")
	query := r.URL.Query()
	c, ok := v.client(query.Get("client_id"))
	if !ok || !slices.Contains(c.Callbacks, query.Get("redirect_uri")) {
		http.Error(w, "An error was encountered with the requested page: client_id or redirect_uri does not belong to a client.", http.StatusBadRequest)
		return
	}
	p := serve(&visit{v, w, r, query, c})
	if p == nil { // the request has been answered
		return
	}
	p.Root, p.Pool = v.root, v.Name
	h.Set("Content-Type", "text/html; charset=utf-8")
	if p.Problem != "" {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = shape.Execute(w, p)
}

// to returns the address of another page of the same authorization request.
func (x *visit) to(path string) string { return x.root + path + "?" + x.query.Encode() }

func (x *visit) posted() bool { return x.r.Method == http.MethodPost }

// shown returns the text of an error for users.
func shown(err error) string {
	if err == nil {
		return ""
	}
	if fault, ok := errors.AsType[*awsjson.Error](err); ok {
		return strings.TrimSuffix(fault.Message, ".") + "."
	}
	return "Something went wrong: " + err.Error()
}

// proceed signs in a user and continues with the authorization request, without another prompt.
func (x *visit) proceed(user string) {
	http.SetCookie(x.w, x.enter(user))
	x.query.Del("prompt")
	x.query.Del("max_age")
	http.Redirect(x.w, x.r, x.to("/oauth2/authorize"), http.StatusSeeOther)
}

func (x *visit) name(value string) field {
	if x.EmailNames {
		return field{Name: "username", Label: "Email", Type: "email", Value: value, Complete: "username"}
	}
	return field{Name: "username", Label: "User name", Type: "text", Value: value, Complete: "username"}
}

func password(label, complete string) field {
	return field{Name: "password", Label: label, Type: "password", Complete: complete}
}

func oneTimeCode() field {
	return field{Name: "code", Label: "Code from the email", Type: "text", Complete: "one-time-code", Digits: true}
}

func (x *visit) login() *page {
	name := x.query.Get("login_hint")
	p := &page{Title: "Sign in", Button: "Sign in", Action: x.to("/login"), Links: []link{{x.to("/forgotPassword"), "Forgot your password?"}}}
	if !x.InvitedOnly {
		p.Links = append(p.Links, link{x.to("/signup"), "Sign up"})
	}
	if x.posted() {
		name = x.r.PostFormValue("username")
		user, err := x.signIn(x.client, name, x.r.PostFormValue("password"))
		switch {
		case err == nil:
			x.proceed(user)
			return nil
		case errors.Is(err, errNewPassword):
			return x.choose("", user)
		case errors.Is(err, errUnconfirmed):
			return x.confirmForm(name, "", "Confirm your address first.")
		case errors.Is(err, errReset):
			return x.resetForm(name, "", "Your password must be reset. If you have no code, request one.")
		}
		p.Problem = shown(err)
	}
	p.Fields = []field{x.name(name), password("Password", "current-password")}
	return p
}

func (x *visit) signUpPage() *page {
	name := x.query.Get("login_hint")
	p := &page{Title: "Sign up", Button: "Sign up", Action: x.to("/signup"), Links: []link{{x.to("/login"), "Sign in"}}}
	required := slices.DeleteFunc(slices.Clone(x.Required), func(each string) bool { return x.EmailNames && each == "email" })
	if x.VerifyEmail && !x.EmailNames && !slices.Contains(required, "email") {
		required = append(required, "email")
	}
	given := map[string]string{}
	if x.posted() {
		name = x.r.PostFormValue("username")
		for _, each := range required {
			given[each] = strings.TrimSpace(x.r.PostFormValue(each))
		}
		err := x.signUp(x.r.Context(), x.client.ID, name, x.r.PostFormValue("password"), given)
		if err == nil {
			return x.confirmForm(name, "", "A code was sent to your address.")
		}
		p.Problem = shown(err)
	}
	p.Fields = []field{x.name(name)}
	for _, each := range required {
		kind := "text"
		if each == "email" {
			kind = "email"
		}
		p.Fields = append(p.Fields, field{Name: each, Label: label(each), Type: kind, Value: given[each], Complete: "on"})
	}
	p.Fields = append(p.Fields, password("Password", "new-password"))
	return p
}

// label returns the label of an attribute.
func label(attribute string) string {
	words := strings.ReplaceAll(attribute, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

func (x *visit) confirmForm(name, problem, note string) *page {
	return &page{
		Title: "Confirm your address", Problem: problem, Note: note, Button: "Confirm", Action: x.to("/confirm"),
		Fields: []field{{Name: "username", Type: "hidden", Value: name}, oneTimeCode()},
		Links:  []link{{x.root + "/resend?" + with(x.query, "username", name), "Send another code"}, {x.to("/login"), "Sign in"}},
	}
}

func with(query url.Values, name, value string) string {
	all := url.Values{}
	for key, values := range query {
		all[key] = values
	}
	all.Set(name, value)
	return all.Encode()
}

func (x *visit) confirmPage() *page {
	name := x.r.FormValue("username")
	if !x.posted() {
		return x.confirmForm(name, "", "")
	}
	if err := x.confirm(name, x.r.PostFormValue("code")); err != nil {
		return x.confirmForm(name, shown(err), "")
	}
	http.Redirect(x.w, x.r, x.root+"/login?"+with(x.query, "login_hint", name), http.StatusSeeOther)
	return nil
}

// resendPage asks for confirmation before it sends a code, because a GET request must not have effects.
func (x *visit) resendPage() *page {
	name := x.r.FormValue("username")
	x.query.Del("username")
	if x.posted() {
		_ = x.sendCode(name, verifyPurpose) // the answer is the same whether the user exists or not
		return x.confirmForm(name, "", "If the address is not confirmed yet, a code was sent to it.")
	}
	return &page{Title: "Send another code", Button: "Send", Action: x.to("/resend"), Fields: []field{x.name(name)}}
}

func (x *visit) forgotPage() *page {
	if !x.posted() {
		return &page{
			Title: "Reset your password", Button: "Send a code", Action: x.to("/forgotPassword"), Fields: []field{x.name(x.query.Get("login_hint"))},
			Links: []link{{x.to("/login"), "Sign in"}},
		}
	}
	name := x.r.PostFormValue("username")
	_ = x.sendCode(name, resetPurpose) // the answer is the same whether the user exists or not
	return x.resetForm(name, "", "If there is an account with this address, a code was sent to it.")
}

func (x *visit) resetForm(name, problem, note string) *page {
	return &page{
		Title: "Reset your password", Problem: problem, Note: note, Button: "Set the password", Action: x.to("/confirmForgotPassword"),
		Fields: []field{{Name: "username", Type: "hidden", Value: name}, oneTimeCode(), password("New password", "new-password")},
		Links:  []link{{x.to("/forgotPassword"), "Send another code"}, {x.to("/login"), "Sign in"}},
	}
}

func (x *visit) resetPage() *page {
	name := x.r.FormValue("username")
	if !x.posted() {
		return x.resetForm(name, "", "")
	}
	if err := x.reset(name, x.r.PostFormValue("code"), x.r.PostFormValue("password")); err != nil {
		return x.resetForm(name, shown(err), "")
	}
	http.Redirect(x.w, x.r, x.root+"/login?"+with(x.query, "login_hint", name), http.StatusSeeOther)
	return nil
}

// choose returns the form for users with a temporary password to choose a new one.
func (x *visit) choose(problem, user string) *page {
	return &page{
		Title: "Choose your password", Problem: problem, Button: "Set the password", Action: x.to("/newPassword"),
		Fields: []field{
			{Name: "session", Type: "hidden", Value: x.hold(x.pending, user, pendingTime)}, password("New password", "new-password"),
		},
	}
}

func (x *visit) choosePage() *page {
	user, ok := x.take(x.pending, x.r.PostFormValue("session"))
	if !x.posted() || !ok {
		http.Redirect(x.w, x.r, x.to("/login"), http.StatusSeeOther)
		return nil
	}
	if err := x.provider.choose(user, x.r.PostFormValue("password")); err != nil {
		return x.choose(shown(err), user)
	}
	x.proceed(user)
	return nil
}

// enterByLink signs in the user of a link, once, and redirects to the link's location.
func (v *provider) enterByLink(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	user, ok := v.take(v.links, r.URL.Query().Get("token"))
	if !ok || !v.leads(r.URL.Query().Get("to")) {
		http.Error(w, "This link has been used or has expired.", http.StatusGone)
		return
	}
	http.SetCookie(w, v.enter(user))
	http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusSeeOther)
}

// leads reports whether the origin of a URL is one of the pool's clients' origins.
func (v *provider) leads(to string) bool {
	target, err := url.Parse(to)
	if err != nil || target.Host == "" {
		return false
	}
	return slices.ContainsFunc(v.Clients, func(c Client) bool {
		return slices.ContainsFunc(c.Callbacks, func(text string) bool {
			u, err := url.Parse(text)
			return err == nil && u.Scheme == target.Scheme && u.Host == target.Host
		})
	})
}

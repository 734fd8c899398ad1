// Package page renders the pages that visitors see if a short link does not simply
// redirect: small pages without scripts or external resources, in several languages.
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed notice.html
	noticeHTML string
	//go:embed reason.html
	reasonHTML string
	//go:embed password.html
	passwordHTML string
	//go:embed error.html
	errorHTML string
	//go:embed preview.html
	previewHTML string
	//go:embed abuse.html
	abuseHTML string
	//go:embed destination.html
	destinationHTML string
	//go:embed hidden.html
	hiddenHTML string
	//go:embed title.html
	titleHTML string
	//go:embed warning.html
	warningHTML string
	//go:embed card.html
	cardHTML string
	//go:embed redirect.html
	redirectHTML string
)

// Page is an answer to a visitor in each of its formats.
type Page struct {
	Language Language
	HTML     string
	Text     string // for programs that show plain text, such as curl
	Policy   string // the Content-Security-Policy of HTML
}

// Frame has the settings that all pages for one visitor share.
type Frame struct {
	Language Language
	Site     string // the host that short links live at
}

// NotFound is the page for unknown addresses.
func (f Frame) NotFound() Page { return f.notice(404, f.words().notFound, "") }

// NotReady is the page of a link whose destination does not exist yet.
func (f Frame) NotReady() Page { return f.notice(404, f.words().notReady, "") }

// NotYet is the page of a link that becomes active at a later time.
func (f Frame) NotYet(from time.Time) Page {
	n := f.words().notYet
	at := f.Language.date(from) + ", " + from.UTC().Format("15:04") + " UTC"
	return f.notice(404, notice{n.title, n.text + " " + at + "."}, "")
}

// Busy is the page for a link that cannot be read at the moment.
func (f Frame) Busy() Page { return f.notice(503, f.words().busy, "") }

// Expired is the page of an expired link.
func (f Frame) Expired() Page { return f.notice(410, f.words().expired, "") }

// Exhausted is the page of a link that has reached its maximum of clicks.
func (f Frame) Exhausted() Page { return f.notice(410, f.words().exhausted, "") }

// Removed is the page of a link that its owner has deleted or disabled.
func (f Frame) Removed() Page { return f.notice(410, f.words().removed, "") }

// TakenDown is the page of a link that an admin has blocked for a reason, which
// may be empty.
func (f Frame) TakenDown(reason string) Page { return f.notice(451, f.words().takenDown, reason) }

// notice is a page without any action.
func (f Frame) notice(status int, n notice, reason string) Page {
	body := fill(noticeHTML, map[string]any{"status": strconv.Itoa(status), "title": n.title, "text": n.text})
	text := n.title + ". " + n.text + "\n"
	if reason != "" {
		body += fill(reasonHTML, map[string]any{"label": f.words().reason, "reason": reason})
		text += f.words().reason + ": " + oneLine(reason) + "\n"
	}
	return f.page(n.title, body, text, "'none'")
}

// Reported thanks a visitor for an abuse report.
func (f Frame) Reported() Page { return f.notice(200, f.words().reported, "") }

// TooManyReports is the page for a visitor who has sent too many abuse reports.
func (f Frame) TooManyReports() Page { return f.notice(429, f.words().tooManyReports, "") }

// abuse is the form by which a visitor reports a link. It is sent to the address of the
// preview, as the fields "reason" and "text" of a URL-encoded body.
func (f Frame) abuse() markup {
	words := f.words()
	names := map[string]string{"phishing": words.phishing, "malware": words.malware, "spam": words.spam, "illegal": words.illegal, "other": words.other}
	var options markup
	for _, reason := range reasons {
		options += fill(`<option value="{{value}}">{{name}}</option>`, map[string]any{"value": reason, "name": names[reason]})
	}
	return fill(abuseHTML, map[string]any{"report": words.report, "reason": words.reason, "options": options, "details": words.details, "send": words.send})
}

// reasons are the values of the form's field "reason".
var reasons = [...]string{"phishing", "malware", "spam", "illegal", "other"}

// Attempt reports how the visitor's last attempt at a password ended.
type Attempt int

// The results of a previous attempt at a password.
const (
	NoAttempt Attempt = iota
	WrongPassword
	TooManyAttempts
)

// Password is the form that asks for a link's password. It is sent to the address
// that it was shown at, as the field "password" of a URL-encoded body.
func (f Frame) Password(last Attempt) Page {
	words := f.words()
	values := map[string]any{"title": words.password.title, "text": words.password.text, "label": words.label, "open": words.open,
		"state": markup(""), "error": markup("")}
	message := map[Attempt]string{WrongPassword: words.wrong, TooManyAttempts: words.tooMany}[last]
	text := words.password.title + ". " + words.password.text + "\n"
	if message != "" {
		values["state"] = markup(` aria-invalid="true" aria-describedby="error"`)
		values["error"] = fill(errorHTML, map[string]any{"error": message})
		text = message + "\n"
	}
	// Browsers apply the policy to the redirect that follows the form, too.
	return f.page(words.password.title, fill(passwordHTML, values), text, "'self' http: https:")
}

// Link has the properties of a link that a preview shows.
type Link struct {
	Code    string
	Title   string
	Created time.Time
	// Before, Host and After are the destination; without a host it is not shown,
	// because the link has a password.
	Before, Host, After string
	// ASCII is the host's technical form, if the name may deceive. Imitates is the
	// ASCII name that it looks like, or empty if it mixes alphabets.
	ASCII, Imitates string
}

// Preview shows a link's destination.
func (f Frame) Preview(l Link) Page {
	words := f.words()
	values := map[string]any{
		"heading": words.leadsTo, "code": l.Code, "open": words.follow, "uncounted": words.uncounted,
		"created": words.created, "datetime": l.Created.UTC().Format(time.DateOnly), "date": f.Language.date(l.Created),
		"title": markup(""), "warning": markup(""), "abuse": f.abuse(),
	}
	text := l.Before + l.Host + l.After + "\n"
	if l.Host == "" {
		values["heading"], values["destination"] = words.password.title, fill(hiddenHTML, map[string]any{"text": words.hidden})
		text = words.hidden + "\n"
	} else {
		values["destination"] = fill(destinationHTML, map[string]any{"before": l.Before, "host": l.Host, "after": l.After})
	}
	if l.Title != "" {
		values["title"] = fill(titleHTML, map[string]any{"title": l.Title})
		text += oneLine(l.Title) + "\n"
	}
	text += words.created + " " + f.Language.date(l.Created) + "\n"
	if l.ASCII != "" {
		warning := words.mixedScripts
		if l.Imitates != "" {
			warning = words.imitatesOne + " " + l.Imitates + ":"
		}
		values["warning"] = fill(warningHTML, map[string]any{"heading": words.lookalike, "text": warning, "ascii": l.ASCII})
		text += words.lookalike + ". " + warning + " " + l.ASCII + "\n"
	}
	return f.page(values["heading"].(string), fill(previewHTML, values), text, "'self'")
}

// Card is the page from which social networks make a preview card.
func (f Frame) Card(title, short, target string) Page {
	html := fill(cardHTML, map[string]any{"title": title, "short": short, "site": f.Site, "target": target})
	return Page{HTML: string(html), Text: oneLine(title) + "\n" + target + "\n", Policy: policy("", "'none'")}
}

// Redirect is the body of a redirect, for programs that do not follow it.
func Redirect(target string) Page {
	return Page{
		HTML: string(fill(redirectHTML, map[string]any{"target": target})), Text: target + "\n", Policy: policy("", "'none'"),
	}
}

func (f Frame) words() texts { return all[f.Language] }

func (f Frame) page(title string, body markup, text, forms string) Page {
	html := fill(pageHTML, map[string]any{
		"language": string(f.Language), "title": title, "site": f.Site, "style": markup(pageCSS), "body": body,
	})
	return Page{Language: f.Language, HTML: string(html), Text: text, Policy: policy("style-src "+styleHash+"; img-src 'self'; ", forms)}
}

// styleHash allows the pages' style and no other.
var styleHash = hash(pageCSS)

func hash(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// policy allows what is listed and nothing else. The image is the site's icon.
func policy(allowed, forms string) string {
	return "default-src 'none'; " + allowed + "base-uri 'none'; form-action " + forms + "; frame-ancestors 'none'"
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
